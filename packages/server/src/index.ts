export { startServer } from './server.ts';
export { inboundMemoryBytes } from './connections/memory-budget.ts';
export { ServerError } from './errors.ts';
export { openDiskStorage } from './checkpoint/disk-storage.ts';
export { listCheckpoints } from './checkpoint/list-checkpoints.ts';
export { checkCheckpoint, readCheckpoint } from './checkpoint/read-checkpoint.ts';
export { decodeSafetensors } from './checkpoint/decode-safetensors.ts';
export { writeModel } from './checkpoint/model.ts';
export { modelOfImage } from './checkpoint/model-of-image.ts';

export type { RunningServer, RunSummary, ServerOptions, StatusReport } from './options.ts';
export type { ServerErrorCode } from './errors.ts';
export type { Deadlines } from './run/state.ts';
export type {
  CheckpointFacts,
  CheckpointImage,
  CheckpointSections,
  CheckpointStorage,
  OpenedStorage,
  WrittenCheckpoint,
} from './checkpoint/storage.ts';
export type { CheckedCheckpoint } from './checkpoint/read-checkpoint.ts';
export type { SafetensorsTensor } from './checkpoint/decode-safetensors.ts';
export type { ModelContent } from './checkpoint/model.ts';
