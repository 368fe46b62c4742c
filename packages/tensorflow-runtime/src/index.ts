export { cacheDirectory } from './cache.ts';
export { isTensorFlowBanner } from './compatibility.ts';
export { describeCpu } from './cpu.ts';
export {
  AddonAbsentError,
  AddonBrokenError,
  ChecksumError,
  CompileError,
  DiskFullError,
  DownloadError,
  InstallScriptError,
  InterruptedError,
  MainThreadOnlyError,
  NetworkError,
  TensorFlowRuntimeError,
  TfjsNodeAbsentError,
  ThreadsFixedError,
  ToolAbsentError,
  UnpackError,
  UnsupportedPlatformError,
  UnwritableError,
} from './errors.ts';
export { readFailure } from './failure.ts';
export { findTfjsNode } from './find.ts';
export { loadTensorFlowNode } from './load.ts';
export { provisionTensorFlow } from './provision.ts';
export { setup } from './setup.ts';
export { verifyAddon } from './verify.ts';

export type { RuntimeStep } from './errors.ts';
export type { RememberedFailure } from './failure.ts';
export type { TfjsNode } from './find.ts';
export type { LoadOptions, TensorFlowNode } from './load.ts';
export type { Progress, ProgressStream } from './progress.ts';
export type { Provisioned, ProvisionOptions } from './provision.ts';
export type { SetupOptions, SetupResult } from './setup.ts';
export type { Verification, VerifyOptions } from './verify.ts';
