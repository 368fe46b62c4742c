import type { Command } from 'commander';

import { createControlCommand } from '../control/control-command.ts';

/** `paceline checkpoint URL`. */
export function checkpointCommand(): Command {
  return createControlCommand({
    name: 'checkpoint',
    summary: 'write a checkpoint of a run now',
    description:
      "Writes a checkpoint after the step that is under way, beside those of the job's own schedule. A `checkpoint` event " +
      'says when it is on disk, and where.',
    accepted: () => 'A checkpoint is written after the step that is under way.',
  });
}
