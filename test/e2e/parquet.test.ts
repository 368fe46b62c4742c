import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { expect, test } from 'vitest';

import { finished, jobFile, startTraining } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';

const mebibyte = 2 ** 20;
const rows = 65_536;
const runDeadlineMs = 300_000;
const testDeadlineMs = 480_000;
/** 4.3 MiB each: 1 GiB. */
const groups = 240;
/** A third of the file, of row groups all over it. */
const steps = 80;

interface Column {
  readonly name: string;
  readonly data: Float32Array;
  readonly type: 'FLOAT';
}

/** 16 columns of random numbers, and the difference of the first two. A group has another part of them than any other one. */
function createColumns(): (group: number) => Column[] {
  let state = 1;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  const inputs = Array.from({ length: 16 }, () => Float32Array.from({ length: 2 * rows }, next));
  const difference = inputs[0]?.map((value, i) => value - (inputs[1]?.[i] ?? 0)) ?? [];
  const all = new Map([
    ...inputs.map((values, i) => [`x${i}`, values] as const),
    ['y', Float32Array.from(difference)] as const,
  ]);
  return (group) =>
    [...all].map(([name, values]) => {
      const first = group * Math.floor(rows / groups);
      return { name, data: values.subarray(first, first + rows), type: 'FLOAT' };
    });
}

/** Not packed: random numbers do not get smaller, and it takes half of the time. */
async function writeRows(path: string): Promise<void> {
  const columnsOf = createColumns();
  const schema = schemaFromColumnData({ columnData: columnsOf(0) });
  const how = { schema, codec: 'UNCOMPRESSED', statistics: false } as const;
  const writer = new ParquetWriter({ writer: fileWriter(path), ...how });
  for (let group = 0; group < groups; group += 1) {
    await writer.write({ columnData: columnsOf(group), rowGroupSize: rows });
  }
  await writer.finish();
}

/** The most memory that the worker of a run had at one time, in MiB; and the run's loss. */
async function run(
  scratch: Scratch,
  job: string,
  set: string[],
): Promise<{ peak: number; loss: number }> {
  const running = startTraining(scratch, jobFile(job), { workers: 1, backend: 'wasm', set });
  const { pid } = await running.event('worker', ({ event }) => event === 'joined');
  let peak = 0;
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // It has ended.
    }
  }, 50);
  try {
    await running.event('end', () => true, runDeadlineMs);
    const { end } = await finished(running);
    return { peak, loss: end.loss ?? Number.NaN };
  } finally {
    clearInterval(look);
  }
}

test.runIf(process.platform === 'linux')(
  'a Parquet file of 1 GiB costs a worker less than 500 MB over what its model needs',
  async () => {
    using scratch = openScratch();
    const path = join(scratch.path, 'rows.parquet');
    await writeRows(path);
    expect(statSync(path).size).toBeGreaterThan(1e9);
    const model = await run(scratch, 'wide.job.ts', []);
    const data = await run(scratch, 'wide-parquet.job.ts', [
      'batchSize=65536',
      'until.epochs=1',
      `until.steps=${steps}`,
    ]);
    expect(model.peak).toBeGreaterThan(50);
    expect(data.peak).toBeGreaterThan(model.peak);
    expect(data.peak - model.peak).toBeLessThan(500e6 / mebibyte);
    expect(data.loss).toBeLessThan(0.6);
  },
  testDeadlineMs,
);
