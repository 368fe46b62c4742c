/** From a job to something that computes: model, data, layout, checks. */
import type { Backend } from './backend/interface.ts';
import type { AnyDataset, AnySplit, Batch, Shuffle } from './datasets/dataset.ts';
import { closeDataset } from './datasets/dataset.ts';
import { createOrder } from './datasets/order.ts';
import { createReadAhead } from './datasets/read-ahead.ts';
import type { ReadAheadSplit } from './datasets/read-ahead.ts';
import { openData } from './datasets/reader/open-data.ts';
import type { DataSettings } from './datasets/registry.ts';
import { evaluateBlock } from './evaluate-block.ts';
import { createJobLayout } from './job-layout.ts';
import type { TrainingJob } from './job.ts';
import { computeLeaf } from './leaf.ts';
import type { TrainableModel } from './models/model.ts';
import { createModel } from './models/registry.ts';
import { createParameterStore } from './parameters.ts';
import type { PreparedJob, SplitInfo } from './prepared-job.ts';
import { firstIndices, probeJob } from './probe.ts';

/**
 * Builds the model, opens the data, computes the first gradient once and checks it, and binds the initial parameters.
 * `open` opens the data; by default in a thread of their own where reading them costs much. Takes as long as building the model and reading the data do. Everything is given back when it throws.
 * @throws {TrainingError} for whatever is wrong with the job; {UnsupportedGradientError} for a gradient that the
 * backend has not, or has wrong.
 */
export async function prepareJob(
  backend: Backend,
  job: TrainingJob,
  open: typeof openData = openData,
): Promise<PreparedJob> {
  const model = await createModel(backend, job);
  try {
    const { settings, functions } = job;
    const how = { labels: model.labels, seed: settings.seed };
    const dataset = await open(settings.data, functions.data, how);
    try {
      return await assemble({ backend, job, model, dataset });
    } catch (error) {
      closeDataset(dataset);
      throw error;
    }
  } catch (error) {
    model.dispose();
    throw error;
  }
}

interface Parts {
  readonly backend: Backend;
  readonly job: TrainingJob;
  readonly model: TrainableModel;
  readonly dataset: AnyDataset;
}

async function assemble({ backend, job, model, dataset }: Parts): Promise<PreparedJob> {
  const { tf } = backend;
  const { settings } = job;
  const { seed } = settings;
  const train = createReadAhead(dataset.train);
  const order = createOrder(dataset.train, shuffleOf(settings.data), seed);
  const test = dataset.test && createReadAhead(dataset.test);
  const scalars = ['weight', 'loss', ...model.metricNames];
  const batch = await readBatch(train, firstIndices(settings, train.examples, order));
  const probe = probeJob({ backend, model, batch, settings });
  const { layout, tensors } = createJobLayout(model.variables, probe.assigned, scalars);
  const store = createParameterStore(backend, layout, tensors);
  const initial = store.read();
  store.bind(initial);
  const trainable = tensors.filter(({ place }) => place.section === 'trainable');
  return {
    layout,
    scalars,
    topology: model.topology,
    splits: splitsOf(train, test),
    notices: [...model.notices, ...noticesOf(dataset), ...probe.notices],
    initialParameters: () => initial.slice(),
    setParameters: store.bind,
    setTrainable: store.bindTrainable,
    gradient(task, write) {
      computeLeaf({ tf, model, split: train, store, trainable, seed }, task, write);
    },
    order,
    load: ({ indices, step }) => train.load(indices, step),
    loadTest: (indices) => test?.load(indices),
    readAhead: ({ indices, step }) => {
      train.readAhead(indices, step);
    },
    readAheadTest: (indices) => {
      test?.readAhead(indices);
    },
    evaluate: (indices) => evaluateBlock({ tf, model, split: test, store, seed }, indices),
    dispose() {
      store.dispose();
      model.dispose();
      closeDataset(dataset);
    },
  };
}

async function readBatch(split: ReadAheadSplit, indices: Uint32Array): Promise<Batch> {
  await split.load(indices);
  return split.read(indices);
}

function splitsOf(train: AnySplit, test: AnySplit | undefined): PreparedJob['splits'] {
  const info = ({ examples, digest }: AnySplit): SplitInfo => ({ examples, digest });
  return test === undefined ? { train: info(train) } : { train: info(train), test: info(test) };
}

/** Data that have no such setting are shuffled. */
function shuffleOf(data: DataSettings): Shuffle {
  return ('shuffle' in data ? data.shuffle : undefined) ?? 'full';
}

function noticesOf({ train, test }: AnyDataset): readonly string[] {
  const named = (name: string, split: AnySplit | undefined): readonly string[] =>
    (split?.notices ?? []).map((line) => `${name}: ${line}`);
  return [...named('training data', train), ...named('test data', test)];
}
