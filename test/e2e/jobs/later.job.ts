import { setImmediate } from 'node:timers/promises';

import { dataset } from 'paceline';
import type { ArrayPair, ArraysData, FunctionData } from 'paceline';

import { smallJob } from './small-job.ts';

const job = smallJob();
const { train, test } = job.data as ArraysData;

/** The examples of the small job, each batch of which comes a few turns of the event loop later. */
function later({ x, y }: ArrayPair): FunctionData['train'] {
  const [inputs, labels] = [x as number[][], y as number[][]];
  const pick = (rows: number[][], indices: Uint32Array): number[][] =>
    Array.from(indices, (index) => rows[index] ?? []);
  return {
    examples: inputs.length,
    async read(indices) {
      for (let turn = 0; turn < 3; turn += 1) await setImmediate();
      return { x: pick(inputs, indices), y: pick(labels, indices) };
    },
  };
}

const data = dataset({ train: later(train), ...(test && { test: later(test) }) });
export default { ...job, data };
