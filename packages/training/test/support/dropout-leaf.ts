/** SHA-256 of some leaves of a model full of randomness and state; as a program it prints them. */
import { createHash } from 'node:crypto';
import type { LayersModel } from '@tensorflow/tfjs';
import type { TensorFlow } from '../../src/backend/interface.ts';
import { prepareJob } from '../../src/prepare-job.ts';
import type { PreparedJob } from '../../src/prepared-job.ts';
import { cpuBackend } from './backend.ts';
import { jobOf, leafOf } from './jobs.ts';
import { numbersOf, oneHot, rowsOf } from './numbers.ts';

const data = {
  type: 'arrays',
  train: { x: rowsOf(numbersOf(8 * 6, 3), 6), y: oneHot([0, 1, 1, 0, 0, 1, 0, 1], 2) },
} as const;

/** Dense, batch normalisation, noise, dropout, and an LSTM with dropout of its own. */
function model(tf: TensorFlow): LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.dense({ units: 8, inputShape: [6] }),
      tf.layers.batchNormalization(),
      tf.layers.gaussianNoise({ stddev: 0.1 }),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.reshape({ targetShape: [4, 2] }),
      tf.layers.lstm({ units: 3, dropout: 0.3, recurrentDropout: 0.3 }),
      tf.layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
}

/** The job; the caller disposes it. */
export async function randomJob(): Promise<PreparedJob> {
  return prepareJob(
    await cpuBackend(),
    jobOf({ loss: 'categoricalCrossentropy', data, metrics: ['accuracy'] }, { model }),
  );
}

/** Initial parameters and two leaves. */
export function digestsOf(job: PreparedJob): readonly string[] {
  const initial = job.initialParameters();
  job.setParameters(initial);
  const leaves = [leafOf(job, { step: 0 }), leafOf(job, { step: 5, microbatch: 1 })];
  return [initial, ...leaves].map((values) => {
    return createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');
  });
}

if (process.argv[1] === import.meta.filename) {
  process.stdout.write(JSON.stringify(digestsOf(await randomJob())));
}
