// The process behind model-fit.ts: `node model-fit-process.ts ORDER`. It says {} when it is ready, or {"absent": why};
// then each line is a number of steps, which `model.fit` trains, and the answer {"seconds": s}.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { loadTensorFlowNode } from '@paceline/tensorflow-runtime';
import type { TensorFlowNode } from '@paceline/tensorflow-runtime';

interface Order {
  readonly batchSize: number;
  readonly job: { readonly model: { readonly topology: object }; readonly loss: string };
}

const mostExamples = 60_000;
const quiet = { verbose: 0 };

const say = (answer: object): void => {
  writeSync(1, `${JSON.stringify(answer)}\n`);
};

const order = JSON.parse(process.argv[2] ?? '') as Order;
const tf = await loadTensorFlowNode().catch((error: unknown) => {
  say({ absent: error instanceof Error ? error.message : String(error) });
});
if (tf !== undefined) await train(tf, order);

/** The numbers themselves do not matter for the time: random ones of the right shape. */
async function train(tf: TensorFlowNode, { batchSize, job }: Order): Promise<void> {
  const model = await tf.models.modelFromJSON({
    ...job.model.topology,
    keras_version: 'tfjs-layers 4.22.0',
    backend: 'tensor_flow.js',
  });
  model.compile({ optimizer: tf.train.sgd(0.05), loss: job.loss });
  const rows = (shape: readonly (number | null)[], count: number): number[] => {
    return [count, ...shape.slice(1).map((size) => size ?? 1)];
  };
  say({});
  for await (const line of createInterface({ input: process.stdin })) {
    const examples = Number(line) * batchSize;
    const epochs = Math.ceil(examples / mostExamples);
    const perEpoch = Math.round(examples / epochs / batchSize) * batchSize;
    const x = tf.randomUniform(rows(model.inputs[0]?.shape ?? [], perEpoch));
    const y = tf.randomUniform(rows(model.outputs[0]?.shape ?? [], perEpoch));
    const start = performance.now();
    await model.fit(x, y, { batchSize, epochs, ...quiet });
    const steps = (perEpoch / batchSize) * epochs;
    const seconds = ((performance.now() - start) / 1000 / steps) * Number(line);
    tf.dispose([x, y]);
    say({ seconds });
  }
}
