import { Command } from 'commander';
import { addFlags, flags } from 'paceline/programs';

import { accessFlags, accessOf } from '../control/access-flags.ts';
import type { AccessFlags } from '../control/access-flags.ts';
import { serverArgument } from '../control/control-command.ts';
import { askServer } from '../control/request.ts';
import { statusLines } from '../render/status-lines.ts';
import type { Status } from '../render/status-lines.ts';

interface StatusFlags extends AccessFlags {
  readonly json?: boolean;
}

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
  const json = { ...flags.json, description: 'the whole of status.json' };
  const list = [json, ...accessFlags];
  return addFlags(command, list).action(async (url: string, options: StatusFlags) => {
    const access = accessOf('observe', options);
    const status = await askServer(url, { method: 'GET', path: '/status.json', ...access });
    const lines = options.json === true ? [JSON.stringify(status)] : statusLines(status as Status);
    process.stdout.write(`${lines.join('\n')}\n`);
  });
}
