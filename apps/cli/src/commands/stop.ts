import { Command } from 'commander';

import { askServer } from '../control/request.ts';

/** `paceline stop URL`. */
export function stopCommand(): Command {
  return new Command('stop')
    .summary('end a run in good order')
    .description(
      'Ends a run as Ctrl-C would: the step is finished or given up, a checkpoint is written.',
    )
    .argument('<URL>', "the server's address: the url of its start event, e.g. ws://127.0.0.1:7070")
    .action(async (url: string) => {
      await askServer(url, 'POST', '/control/stop');
      process.stdout.write('The run is asked to end.\n');
    });
}
