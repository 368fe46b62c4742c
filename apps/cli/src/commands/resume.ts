import { Command } from 'commander';

import { askServer } from '../control/request.ts';

/** `paceline resume URL`. */
export function resumeCommand(): Command {
  return new Command('resume')
    .summary('pass the hold that a run waits at')
    .description(
      'A run that was started with --hold-at waits before that step. This lets it go on.',
    )
    .argument('<URL>', "the server's address: the url of its start event, e.g. ws://127.0.0.1:7070")
    .action(async (url: string) => {
      await askServer(url, 'POST', '/control/resume');
      process.stdout.write('The run goes on.\n');
    });
}
