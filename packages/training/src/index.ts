export { prepareJob } from './prepare-job.ts';
export { closeDataset } from './datasets/dataset.ts';
export { openDataset } from './datasets/registry.ts';
export { TrainingError } from './errors.ts';
export { openBackend } from './backend/backend.ts';
export { BackendError } from './backend/errors.ts';
export { auditGradients } from './gradients/audit.ts';
export { UnsupportedGradientError } from './gradients/errors.ts';
export { describeLayersModel } from './models/describe-model.ts';
export { lossNames } from './losses/registry.ts';
export { metricNames } from './metrics/registry.ts';
export { describeSavedModel } from './saved-model.ts';

export type {
  Backend,
  BackendChoice,
  BackendName,
  BitwiseLevel,
  OpenBackendOptions,
  TensorFlow,
} from './backend/interface.ts';
export type { BackendErrorCode } from './backend/errors.ts';
export type { GradientFault } from './gradients/errors.ts';
export type { TrainingErrorCode, TrainingErrorData, TrainingErrorOptions } from './errors.ts';
export type {
  FunctionalBatch,
  FunctionalLoss,
  LossFunction,
  MetricFunction,
  ModelFunction,
  ModelSettings,
  ParameterTensors,
  PerOutput,
  TrainingFunctions,
  TrainingJob,
  TrainingSettings,
} from './job.ts';
export type { LocalMarker } from './local-marker.ts';
export type { GradientTask, PreparedJob, SplitInfo, WriteLeaf } from './prepared-job.ts';
export type { DataSettings } from './datasets/registry.ts';
export type {
  AugmentFunction,
  AugmentSettings,
  Example,
  ExampleArray,
  ImageAugmentSettings,
} from './datasets/augment/settings.ts';
export type { ExampleFilter } from './datasets/filter/filter.ts';
export type { ArraysSettings, ArraySplitSettings } from './datasets/arrays.ts';
export type {
  ArrayValue,
  FieldValue,
  NestedNumbers,
  NumberArray,
  ShapedArray,
} from './datasets/fields.ts';
export type { FunctionBatch, FunctionSplit, FunctionSplits } from './datasets/function.ts';
export type { IdxSettings, IdxSplitSettings } from './datasets/idx.ts';
export type { TfDataSplit } from './datasets/tf-data/tf-data.ts';
export type { LinearSettings } from './datasets/linear.ts';
export type { MnistSettings } from './datasets/mnist.ts';
export type { InitializerName, ParameterInit, ParameterSpec } from './models/parameter-init.ts';
export type { DescribedModel, DescribedWeight } from './models/describe-model.ts';
export type { SavedWeight } from './saved-model.ts';
