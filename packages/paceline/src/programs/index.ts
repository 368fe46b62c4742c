export { addFlags, withEnvironment } from './add-flags.ts';
export { describeFlags } from './describe-flags.ts';
export { flags } from './flags.ts';
export { createEventOutput, ignoreBrokenOutput, writeOutput } from './event-output.ts';
export { describeError, runAsMain, runProgram } from './run-program.ts';
export { serverCommand, serverFlags } from './server.ts';
export { workerCommand, workerFlags } from './worker.ts';
export { parseDurationMs, parseOverride, repeated, wholeNumber } from './values.ts';
export { learningRates } from '../learning-rates.ts';
export { loadJob } from '../load-job.ts';
export { builtinJobs } from '../jobs/registry.ts';
export { startLocalTraining } from '../local-run.ts';
export { diagnose } from '../doctor/diagnose.ts';
export { setUpBackend } from '../set-up.ts';
export { checkCheckpoints, exportCheckpoint, inspectCheckpoints } from './checkpoint-tools.ts';
export { readOwnToken } from '../security/read-tokens.ts';
export { makeCertificates } from '../security/make-certificates.ts';
export { connectThroughProxy } from '../security/client-proxy.ts';
export { loadClientTls, wordsOfFailure } from '../security/client-tls.ts';
export { exportFormats } from '../checkpoint/export-formats.ts';
export { PacelineError } from '../errors.ts';
export { eventLine } from '../render/event-line.ts';
export { plainPalette, progressBar, progressLine } from '../render/progress-line.ts';
export { emptyRunView, nextRunView, secondsLeft } from '../render/run-view.ts';
export { summaryLines } from '../render/summary.ts';
export {
  formatBytes,
  formatCount,
  formatLoss,
  formatMetrics,
  formatSeconds,
  plural,
} from '../render/words.ts';

export type { CheckpointReport } from '../checkpoint/check-checkpoints.ts';
export type { Exported, ExportOptions } from '../checkpoint/export-checkpoint.ts';
export type { ExportFormat } from '../checkpoint/export-formats.ts';
export type { CheckpointContent, Inspection } from '../checkpoint/inspect-checkpoints.ts';
export type { DiagnoseOptions } from '../doctor/diagnose.ts';
export type { Finding } from '../doctor/finding.ts';
export type { MadeCertificate } from '../security/make-certificates.ts';
export type { ClientTlsOptions } from '../security/tls-files.ts';
export type { FlagDefinition } from './flags.ts';
export type { LearningRates } from '../learning-rates.ts';
export type { LoadedJob, LoadJobOptions } from '../load-job.ts';
export type { LocalTraining, LocalTrainingEnd, LocalTrainingOptions } from '../local-run.ts';
export type { Palette } from '../render/progress-line.ts';
export type { RunView } from '../render/run-view.ts';
