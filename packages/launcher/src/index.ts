export { describeExit } from './process/exit-words.ts';
export { LauncherError } from './errors.ts';
export { launchLocalRun } from './launch.ts';
export { openPrivateDirectory } from './private-directory.ts';

export type { LaunchOptions } from './launch.ts';
export type { LauncherErrorCode } from './errors.ts';
export type { LocalRunOptions, ProcessPlan, RunPlan, ServerLife } from './plan.ts';
export type { PrivateDirectory } from './private-directory.ts';
export type { ProcessExit } from './process/exit.ts';
export type { SupervisedEnd, Supervisor } from './supervisor.ts';
export type { Cause } from './supervision/state.ts';
