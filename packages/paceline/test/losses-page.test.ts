import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { lossNames, metricNames } from '@paceline/protocol';
import { openBackend, prepareJob } from '@paceline/training';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { loadJob } from '../src/load-job.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/losses.md'), 'utf8');
const examples = [...page.matchAll(/```ts\n([^]*?)```/g)].map(([, text = '']) => text);

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'paceline-losses-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('the page about losses', () => {
  it('has every loss, and no other, and every metric', () => {
    const [losses = '', metrics = ''] = ['## Losses', '## Metrics'].map(
      (title) => page.split(`${title}\n`)[1]?.split(/^#/m)[0],
    );
    const firstCells = losses.matchAll(/^\| `(\w+)` /gm);
    expect(new Set(Array.from(firstCells, ([, name]) => name))).toEqual(new Set(lossNames));
    const named = new Set(Array.from(metrics.matchAll(/`(\w+)`/g), ([, name]) => name));
    const own = metricNames.filter((name) => !(lossNames as readonly string[]).includes(name));
    expect(own.filter((name) => !named.has(name))).toEqual([]);
  });

  it.each(examples.map((text, i) => [i + 1, text] as const))(
    'has an example %i that computes',
    async (number, text) => {
      const path = join(directory, `example${String(number)}.ts`);
      writeFileSync(path, text);
      const { job } = await loadJob(path);
      const backend = await openBackend('cpu', { threads: 1 });
      const prepared = await prepareJob(backend, job);
      const leaf = new Float32Array(prepared.layout.length);
      const indices = Uint32Array.from({ length: job.settings.batchSize }, (_, i) => i);
      prepared.gradient({ step: 0, microbatch: 0, indices }, (offset, read) => {
        leaf.set(read(), offset);
      });
      expect(leaf[0]).toBe(job.settings.batchSize);
      expect(leaf.every(Number.isFinite)).toBe(true);
      prepared.dispose();
    },
  );
});
