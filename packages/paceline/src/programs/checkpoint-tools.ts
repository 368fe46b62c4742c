import type { CheckpointReport } from '../checkpoint/check-checkpoints.ts';
import type { Exported, ExportOptions } from '../checkpoint/export-checkpoint.ts';
import type { Inspection } from '../checkpoint/inspect-checkpoints.ts';

// What reads checkpoints is the server's code: it is loaded by the commands that need it, not by all.

/** See `checkCheckpoints` in checkpoint/check-checkpoints.ts. */
export async function checkCheckpoints(directory: string): Promise<readonly CheckpointReport[]> {
  return (await import('../checkpoint/check-checkpoints.ts')).checkCheckpoints(directory);
}

/** See `inspectCheckpoints` in checkpoint/inspect-checkpoints.ts. */
export async function inspectCheckpoints(directory: string): Promise<Inspection> {
  return (await import('../checkpoint/inspect-checkpoints.ts')).inspectCheckpoints(directory);
}

/** See `exportCheckpoint` in checkpoint/export-checkpoint.ts. */
export async function exportCheckpoint(options: ExportOptions): Promise<Exported> {
  return (await import('../checkpoint/export-checkpoint.ts')).exportCheckpoint(options);
}
