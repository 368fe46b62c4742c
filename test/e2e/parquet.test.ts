import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { expect, test } from 'vitest';

import { finished, jobFile, startTraining } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';

const mebibyte = 2 ** 20;
const rows = 65_536;
/** 4.3 MiB each; 240 make 1 GiB. */
const groups = Number(process.env['PACELINE_PARQUET_GROUPS'] ?? 24);

interface Column {
  readonly name: string;
  readonly data: Float32Array;
  readonly type: 'FLOAT';
}

/** 16 columns of numbers that do not compress, and a sum of them. */
function columnsOf(group: number): Column[] {
  let state = group + 1;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  const draw = (): Float32Array => Float32Array.from({ length: rows }, next);
  const x = Array.from({ length: 16 }, (_, i): Column => ({
    name: `x${i}`,
    data: draw(),
    type: 'FLOAT',
  }));
  const sum = Float32Array.from(
    { length: rows },
    (_, row) => (x[0]?.data[row] ?? 0) - (x[1]?.data[row] ?? 0),
  );
  return [...x, { name: 'y', data: sum, type: 'FLOAT' }];
}

async function writeRows(path: string): Promise<void> {
  const schema = schemaFromColumnData({ columnData: columnsOf(0) });
  const writer = new ParquetWriter({ writer: fileWriter(path), schema });
  for (let group = 0; group < groups; group += 1) {
    await writer.write({ columnData: columnsOf(group), rowGroupSize: rows });
  }
  await writer.finish();
}

/** The most memory that the worker of a run had at one time, in MiB; and the run's loss. */
async function run(scratch: Scratch, job: string): Promise<{ peak: number; loss: number }> {
  const running = startTraining(scratch, jobFile(job), { workers: 1, backend: 'wasm' });
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
    const { end } = await finished(running);
    return { peak, loss: end.loss ?? Number.NaN };
  } finally {
    clearInterval(look);
  }
}

test.runIf(process.platform === 'linux')(
  'a Parquet file of any size costs a worker less than 500 MiB over what its model needs',
  async () => {
    using scratch = openScratch();
    const path = join(scratch.path, 'rows.parquet');
    await writeRows(path);
    expect(statSync(path).size).toBeGreaterThan(4 * groups * mebibyte);
    const model = await run(scratch, 'wide.job.ts');
    const data = await run(scratch, 'wide-parquet.job.ts');
    expect(model.peak).toBeGreaterThan(50);
    expect(data.peak).toBeGreaterThan(model.peak);
    expect(data.peak - model.peak).toBeLessThan(500);
    expect(data.loss).toBeLessThan(0.3);
  },
);
