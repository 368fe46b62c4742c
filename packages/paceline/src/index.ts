export { arrays, cifar10, dataset, fromTfData, idx, linear, mnist } from './datasets.ts';
export { defineJob } from './define-job.ts';
export { evaluate } from './evaluate.ts';
export { csv, images, jsonLines, npy, npz, parquet, text, tsv } from './file-datasets.ts';
export { loadModel } from './load-model.ts';
export { parameterServer } from './parameter-server.ts';
export { PacelineError } from './errors.ts';
export { train } from './train.ts';
export { worker } from './worker.ts';

export type {
  ArrayPair,
  ArraysData,
  Cifar10Data,
  DataDefinition,
  FunctionData,
  IdxData,
  IdxFiles,
  LinearData,
  MnistData,
  TfDataFunction,
  TfDataOptions,
} from './datasets.ts';
export type {
  CommonDefinition,
  FunctionalFunction,
  FunctionalJobDefinition,
  JobDefinition,
  LayersJobDefinition,
  OptimizerDefinition,
  OutputFunction,
  ScheduleDefinition,
  Tensor,
  UntilDefinition,
} from './define-job.ts';
export type {
  CsvColumn,
  CsvColumns,
  CsvColumnsByName,
  CsvData,
  FieldsByName,
  FileData,
  JsonLinesData,
  NpyData,
  NpyFiles,
  NpzArrays,
  NpzData,
  NumpyForm,
  OneOrByName,
  ImagesData,
  ParquetData,
  TextData,
} from './file-datasets.ts';
export type { FunctionSplit, ParameterSpec, TensorFlow } from '@paceline/training';
export type { Augment, ExampleOptions, ImageAugment, RowValue, Where } from './examples.ts';
export type { EvaluateOptions, Evaluation } from './evaluate.ts';
export type { PacelineErrorCode } from './errors.ts';
export type { ParameterServerOptions } from './parameter-server.ts';
export type {
  FitArray,
  FitArrays,
  FitCallback,
  FitCallbackObject,
  FitClassWeight,
  FitData,
  FitHistory,
  FitHooks,
  FitLogs,
  FitModel,
  FitNested,
  FitOptions,
  FitParams,
  FitTensor,
  FitTypedArray,
} from './fit/types.ts';
export type { TrainOptions, TrainSummary } from './train.ts';
export type { RunWorkerOptions } from './worker.ts';
