import { createHash } from 'node:crypto';
import type { TensorSpec } from '@paceline/math';
import type { JobSettings, MessageOf } from '@paceline/protocol';

/** How large a run without a model is: one microbatch for each worker. */
export interface FakeSize {
  readonly parameters: number;
  readonly workers: number;
}

/** More than any run here takes. */
const endlessSteps = 2 ** 40;
/** An epoch is long: nothing happens at its end but counting. */
const stepsPerEpoch = 1000;
const scalarNames = ['weight', 'loss'];

/**
 * A job as its file would say it, plain SGD and every default. Its topology is no model: it says how many parameters
 * a worker without a model pretends to have.
 */
export function fakeJob({ parameters, workers }: FakeSize): object {
  return {
    name: 'fake',
    model: { type: 'layers', topology: { parameters } },
    loss: 'meanSquaredError',
    data: { type: 'linear', examples: stepsPerEpoch * workers, testExamples: 0 },
    // Tiny: the pattern is added in every step of a long run, and must stay finite.
    optimizer: { type: 'sgd', learningRate: 1e-6 },
    batchSize: workers,
    microbatches: workers,
    until: { steps: endlessSteps },
  };
}

/** The number of parameters that a fake job asks for. @throws Error for another job */
export function parametersOf({ model }: JobSettings): number {
  if (model.type === 'layers' && 'parameters' in model.topology) {
    const { parameters } = model.topology;
    if (typeof parameters === 'number') return parameters;
  }
  throw new Error('this job has a model: it is not for workers without one');
}

/** The tensors of a run: the scalars of a leaf, and one tensor of all parameters. */
export function fakeTensors(parameters: number): readonly TensorSpec[] {
  return [
    { name: 'scalars', shape: [scalarNames.length], section: 'scalars' },
    { name: 'parameters', shape: [parameters], section: 'trainable' },
  ];
}

/** What a worker without a model says that it built: its parameters begin at zero. */
export function fakeLayout(declared: JobSettings): Omit<MessageOf<'layout'>, 'kind'> {
  const parameters = parametersOf(declared);
  const examples = declared.data.type === 'linear' ? declared.data.examples : 0;
  return {
    tensors: fakeTensors(parameters),
    topology: null,
    splits: { train: { examples, digest: digestOfNothing } },
    scalars: scalarNames,
    initialDigest: createHash('sha256').update(new Float32Array(parameters)).digest('hex'),
    probe: digestOfNothing,
    settings: declared,
    backend: 'cpu',
    fingerprint: 'no model',
    level: 'portable',
  };
}

const digestOfNothing = createHash('sha256').digest('hex');
