import type { Command } from 'commander';

import { createControlCommand } from '../control/control-command.ts';

/** `paceline resume URL`. */
export function resumeCommand(): Command {
  return createControlCommand({
    name: 'resume',
    summary: 'let a run go on that waits',
    description:
      'Lets a run go on that waits after `paceline pause`, or at a step that --hold-at named.',
    accepted: () => 'The run goes on.',
  });
}
