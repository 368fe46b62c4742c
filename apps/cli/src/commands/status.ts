import { Command } from 'commander';
import { addFlags, flags } from 'paceline/programs';

import { serverArgument } from '../control/control-command.ts';
import { askServer } from '../control/request.ts';
import { statusLines } from '../render/status-lines.ts';
import type { Status } from '../render/status-lines.ts';

const examples = `
Examples:
  $ paceline status ws://127.0.0.1:7070
  $ paceline status ws://127.0.0.1:7070 --json
`;

/** `paceline status URL`: a running job at this moment. */
export function statusCommand(): Command {
  const command = new Command('status')
    .summary('what a running job does at this moment')
    .description('Shows step, loss and workers of a running job, and on whom it waits.')
    .argument(...serverArgument)
    .addHelpText('after', examples);
  return addFlags(command, [{ ...flags.json, description: 'the whole of status.json' }]).action(
    async (url: string, options: { readonly json?: boolean }) => {
      const status = await askServer(url, { method: 'GET', path: '/status.json' });
      const lines =
        options.json === true ? [JSON.stringify(status)] : statusLines(status as Status);
      process.stdout.write(`${lines.join('\n')}\n`);
    },
  );
}
