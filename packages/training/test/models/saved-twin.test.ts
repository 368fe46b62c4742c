import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backend, TensorFlow } from '../../src/backend/interface.ts';
import { prepareJob } from '../../src/prepare-job.ts';
import type { PreparedJob } from '../../src/prepared-job.ts';
import { cpuBackend } from '../support/backend.ts';
import { jobOf } from '../support/jobs.ts';
import { numbersOf, oneHot, rowsOf } from '../support/numbers.ts';

let backend: Backend;
let tf: TensorFlow;
beforeAll(async () => {
  backend = await cpuBackend();
  ({ tf } = backend);
});

const y = oneHot([0, 1, 1, 0, 0, 1, 0, 1], 2);

describe('a model that could not be saved is refused:', () => {
  const x = rowsOf(numbersOf(48, 11), 6);
  const prepare = (model: (t: TensorFlow) => LayersModel): Promise<PreparedJob> =>
    prepareJob(
      backend,
      jobOf(
        { loss: 'categoricalCrossentropy', data: { type: 'arrays', train: { x, y } } },
        { model },
      ),
    );

  /** A layer of a user's: y = factor x. Its config has the factor only when `isComplete`. */
  const scaleClass = (
    t: TensorFlow,
    o: { className: string; isComplete: boolean; isRegistered: boolean },
  ): LayersModel => {
    class Scale extends t.layers.Layer {
      static className = o.className;
      readonly factor: number;
      constructor(config: { factor?: number; name?: string }) {
        super(config);
        this.factor = config.factor ?? 1;
      }
      override call(inputs: Tensor | Tensor[]): Tensor {
        return t.mul([inputs].flat()[0] as Tensor, this.factor);
      }
      override getConfig(): ReturnType<LayersModel['getConfig']> {
        return o.isComplete ? { ...super.getConfig(), factor: this.factor } : super.getConfig();
      }
    }
    if (o.isRegistered) t.serialization.registerClass(Scale);
    return t.sequential({
      layers: [
        t.layers.dense({ units: 2, inputShape: [6] }),
        new Scale({ factor: 3 }),
        t.layers.activation({ activation: 'softmax' }),
      ],
    });
  };

  it('a custom class that is not registered, with what to do', async () => {
    const model = (t: TensorFlow): LayersModel =>
      scaleClass(t, { className: 'Unknown1', isComplete: true, isRegistered: false });
    await expect(prepare(model)).rejects.toMatchObject({
      code: 'unsavable-model',
      message: expect.stringContaining('tf.serialization.registerClass(Unknown1)') as string,
    });
  });

  it('a custom class that leaves something out of its config', async () => {
    const model = (t: TensorFlow): LayersModel =>
      scaleClass(t, { className: 'Scale2', isComplete: false, isRegistered: true });
    await expect(prepare(model)).rejects.toThrow(/gives other predictions than the model itself/);
  });

  it('but a complete, registered one is trained', async () => {
    const model = (t: TensorFlow): LayersModel =>
      scaleClass(t, { className: 'Scale3', isComplete: true, isRegistered: true });
    const job = await prepare(model);
    job.dispose();
  });

  it('one nested model in two places', async () => {
    const model = (t: TensorFlow): LayersModel => {
      const shared = t.sequential({ layers: [t.layers.dense({ units: 3, inputShape: [3] })] });
      const input = t.input({ shape: [6] });
      const rows = t.layers.reshape({ targetShape: [2, 3] }).apply(input) as Tensor;
      const wrapped = t.layers
        .flatten()
        .apply(t.layers.timeDistributed({ layer: shared }).apply(rows));
      const direct = shared.apply(t.layers.dense({ units: 3 }).apply(input));
      const joined = t.layers.concatenate().apply([wrapped, direct] as Tensor[]);
      return t.model({
        inputs: input,
        outputs: t.layers.dense({ units: 2, activation: 'softmax' }).apply(joined) as never,
      });
    };
    await expect(prepare(model)).rejects.toThrow(/belongs to two nested models or wrappers/);
  });

  it('nothing is left behind', async () => {
    const model = (t: TensorFlow): LayersModel =>
      scaleClass(t, { className: 'Unknown4', isComplete: true, isRegistered: false });
    const before = tf.memory().numTensors;
    await expect(prepare(model)).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });
});
