export { copyBytes } from './copy-bytes.ts';
export { protocolVersion, subprotocol } from './version.ts';
export { serverMessages, workerMessages } from './messages.ts';
export { decodeMessage, peekKind, peekTensor } from './codec/decode.ts';
export { encodeMessage, encodeTensorMessage } from './codec/encode.ts';
export { looksSealed } from './codec/checksum.ts';
export { tensorHeadroomBytes, writeTensorPrefix } from './codec/tensor-prefix.ts';
export { closeCodeOf, closeCodeRow, closeCodes } from './close-codes.ts';
export { describeProtocol } from './describe.ts';
export { encodeEvent } from './events.ts';
export { exitCodes } from './exit-codes.ts';
export { JobError, ProtocolError, TokenError } from './errors.ts';
export { howToMakeOne, parseTokens, roles, tokenFor } from './tokens.ts';
export { canonicalJson, firstDifference } from './json.ts';
export { noticeLimits } from './notices.ts';
export { summarise } from './scalars.ts';
export { parseJob, parseSettings } from './job/parse-job.ts';
export { isDataOnly } from './job/functions.ts';
export { isLocalMarker, mostInlineNumbers } from './job/local.ts';
export { nearestWord } from './job/nearest.ts';
export { hashJson } from './digest.ts';
export { bitSettings, jobHash } from './job/job-hash.ts';
export { fullMeasureName, lossNames, metricNames } from './job/loss.ts';
export { describeJob } from './job/describe-job.ts';

export type {
  ControlMessage,
  HeaderOfKind,
  MessageKind,
  MessageOf,
  ServerMessage,
  Side,
  TensorHeader,
  TensorKind,
  WorkerMessage,
} from './messages.ts';
export type {
  Dtype,
  JobSource,
  Limits,
  Phase,
  ReproducibilityLevel,
  RunStatus,
  SplitDescription,
} from './fields.ts';
export type { CloseCode, CloseName } from './close-codes.ts';
export type { TensorHead } from './codec/decode.ts';
export { refusals } from './refusals.ts';
export type { RefusalReason } from './refusals.ts';
export type { Role, Token } from './tokens.ts';
export type {
  BenchEvent,
  CheckpointEvent,
  EndEvent,
  EndRule,
  EvaluationEvent,
  FaultEvent,
  Goodput,
  MetricValues,
  RunEvent,
  ServerEvent,
  StartEvent,
  StepEvent,
  WorkerEvent,
} from './events.ts';
export type { ExitName } from './exit-codes.ts';
export type { JobProblem, ProtocolErrorCode } from './errors.ts';
export type { Difference, JsonObject } from './json.ts';
export type { Summary } from './scalars.ts';
export type { JobSettings } from './job/job.ts';
export type { Job, ParseJobOptions } from './job/parse-job.ts';
export type { JobFunction, JobFunctions } from './job/functions.ts';
export type { LocalMarker } from './job/local.ts';
export type { LossName, LossSettings, MetricName, MetricSettings } from './job/loss.ts';
export type { ModelSettings } from './job/model.ts';
export type { DataSettings } from './job/data/data.ts';
export type { ArraySettings, ArraysSettings, ArraySplit } from './job/data/arrays.ts';
export type { IdxFiles, IdxSettings, LinearSettings, MnistSettings } from './job/data/built-in.ts';
export type {
  CsvColumn,
  CsvColumnRange,
  CsvColumns,
  CsvColumnsByName,
  CsvSettings,
} from './job/data/csv.ts';
export type { ImagesSettings } from './job/data/images.ts';
export type { TextSettings } from './job/data/text.ts';
export type { ParquetSettings } from './job/data/parquet.ts';
export type { JsonLinesSettings } from './job/data/json-lines.ts';
export type {
  NpyFiles,
  NpySettings,
  NpzArrays,
  NpzSettings,
  NumpyForm,
  OneOrByName,
} from './job/data/numpy.ts';
export type {
  Categories,
  FieldsByName,
  FileDataSettings,
  OnBadExample,
  Shuffle,
  TestFraction,
} from './job/data/files.ts';
export type { NumberArray } from './job/number-array.ts';
export type { ConvergedSettings, EarlyStoppingSettings, UntilSettings } from './job/until.ts';
export type { EvaluationSettings } from './job/evaluation.ts';
export type { CheckpointSettings } from './job/checkpoint.ts';
export type { BackendChoice, NonFiniteChoice, ReproducibilityChoice } from './job/machine.ts';
export type { SettingDescription } from './job/describe-job.ts';
