import type { Command } from 'commander';

import { createControlCommand } from '../control/control-command.ts';

/** `paceline pause URL`. */
export function pauseCommand(): Command {
  return createControlCommand({
    name: 'pause',
    summary: 'let a run wait before its next step',
    description:
      'Finishes the step that is under way and waits. Workers stay connected; nothing is lost, and the bits do not change.',
    accepted: (url) =>
      `The run waits before its next step. It goes on with: paceline resume ${url}`,
  });
}
