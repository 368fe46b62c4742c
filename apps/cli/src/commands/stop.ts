import type { Command } from 'commander';

import { createControlCommand } from '../control/control-command.ts';

/** `paceline stop URL`. */
export function stopCommand(): Command {
  return createControlCommand({
    name: 'stop',
    summary: 'end a run in good order',
    description:
      'Ends a run as Ctrl-C would: the step is finished or given up, a checkpoint is written. `paceline train JOB ' +
      '--resume` goes on from there.',
    accepted: () => 'The run is asked to end.',
  });
}
