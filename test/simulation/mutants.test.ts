import { describe, expect, test } from 'vitest';
import { runInProcess } from './campaign.ts';
import { readOriginal } from './mutants/hook.ts';
import { mutants } from './mutants/table.ts';

/** The rarest one needs about 450 schedules of this seed. */
const mostSchedules = 1500;

describe.each(mutants)('$name ($why)', (mutant) => {
  test('breaks exactly one place of the source', () => {
    expect(readOriginal(mutant).split(mutant.find)).toHaveLength(2);
  });

  test('is caught', { timeout: 120_000 }, async () => {
    const tally = await runInProcess([
      ...['--mutant', mutant.name, '--schedules', String(mostSchedules)],
      ...['--until-failure', '--json'],
    ]);
    expect(tally.failures.map(({ violation }) => violation.message)).toHaveLength(1);
  });
});
