import { readFileSync } from 'node:fs';

import { train } from 'paceline';
import type { FitData, FitHistory, FitModel, FitOptions } from 'paceline';
import { expect, test } from 'vitest';

import { openScratch } from '../../support/scratch.ts';
import { tf } from './models.ts';

const page = readFileSync(new URL('../../../docs/from-model-fit.md', import.meta.url), 'utf8');

/** The programs of the page, which import what they use. */
const programs = [...page.matchAll(/```js\n(.*?)```/gs)]
  .map(([, code = '']) => code)
  .filter((code) => code.includes("from 'paceline'"));

test.concurrent.each(programs.map((code, i) => [i + 1, code] as const))(
  'program %i of the guide runs, and its model has learned',
  async (_, code) => {
    using scratch = openScratch();
    const told: unknown[] = [];
    const runs: FitHistory[] = [];
    // As the page calls it, but into a folder of the test.
    const trainHere = async (model: FitModel, data: FitData, options: FitOptions) => {
      const run = await train(model, data, { ...options, out: `${scratch.path}/run` });
      runs.push(run);
      return run;
    };
    const quiet = { log: (...values: unknown[]) => void told.push(...values) };
    const printing = code.replace(
      /^model\.predict\(x\)\.print\(\);$/m,
      'console.log(model.predict(x).shape);',
    );
    await run(printing.replaceAll(/^import .*$/gm, ''), { tf, train: trainHere, console: quiet });
    const [first] = runs;
    const losses = first?.history['loss'] ?? [];
    expect(losses.length).toBeGreaterThan(1);
    expect(losses.at(-1)).toBeLessThan(losses[0] ?? NaN);
    expect(['finished', 'stopped']).toContain(first?.status);
    if (printing.includes('console.log'))
      expect(told).toEqual([expect.any(Array), first?.weightsSha256, [300, 3]]);
  },
);

/** Runs a program whose imports are given. */
async function run(code: string, imports: Readonly<Record<string, unknown>>): Promise<void> {
  const text = `export default async (${Object.keys(imports).join(', ')}) => {${code}};`;
  const url = `data:text/javascript,${encodeURIComponent(text)}`;
  const { default: program } = (await import(url)) as {
    readonly default: (...values: readonly unknown[]) => Promise<void>;
  };
  await program(...Object.values(imports));
}
