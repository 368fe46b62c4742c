/**
 * The simulator as a command:
 *
 *     node --conditions=paceline-source test/simulation/main.ts [--schedules 1000] [--seed 1] [--first 0] [--jobs 1]
 *     node --conditions=paceline-source test/simulation/main.ts --seed 1 --schedule 17 [--trace]
 *
 * `--until-failure` stops at the first broken promise, `--json` prints the bare counts, `--mutant NAME` breaks the code
 * on purpose first. Ends with 0 when all promises were kept, else with 1.
 */
import { parseArgs } from 'node:util';
import { installMutant } from './mutants/hook.ts';
import { mutants } from './mutants/table.ts';

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
    jobs: { type: 'string', default: '1' },
    schedule: { type: 'string' },
    mutant: { type: 'string' },
    trace: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    'until-failure': { type: 'boolean', default: false },
  },
});
const write = (line: string): void => void process.stdout.write(`${line}\n`);
const number = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`not a whole number: ${text}`);
  return value;
};

if (values.mutant !== undefined) {
  const mutant = mutants.find(({ name }) => name === values.mutant);
  if (mutant === undefined) throw new Error(`no mutant is named ${values.mutant}`);
  installMutant(mutant);
}
// Not before the mutant is in place.
const { campaign, replay } = await import('./cli.ts');
const seed = number(values.seed);

if (values.schedule !== undefined) {
  const isGood = await replay(
    { seed, number: number(values.schedule), trace: values.trace },
    write,
  );
  process.exitCode = isGood ? 0 : 1;
} else {
  const { text, isGood } = await campaign({
    seed,
    first: number(values.first),
    schedules: number(values.schedules),
    jobs: number(values.jobs),
    untilFailure: values['until-failure'],
    json: values.json,
  });
  write(text);
  process.exitCode = isGood ? 0 : 1;
}
