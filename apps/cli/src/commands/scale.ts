import { Command, Option } from 'commander';
import { addFlags, wholeNumber } from 'paceline/programs';

import { accessFlags, accessOf } from '../control/access-flags.ts';
import type { AccessFlags } from '../control/access-flags.ts';
import { serverArgument } from '../control/control-command.ts';
import { askServer } from '../control/request.ts';

interface ScaleFlags extends AccessFlags {
  readonly workers: number;
}

const examples = `
Examples:
  $ paceline scale ws://127.0.0.1:7070 --workers 4
  $ paceline scale ws+unix:///tmp/paceline-x1/server.sock:/ --workers 1
`;

/** `paceline scale URL --workers N`. */
export function scaleCommand(): Command {
  const workers = new Option('--workers <N>', 'how many workers the run is to have')
    .argParser(wholeNumber(1))
    .makeOptionMandatory();
  const command = new Command('scale')
    .summary('change the number of workers of a run')
    .description(
      'Surplus workers finish what they took on and leave. Missing ones are started where `paceline train` runs; a server ' +
        'that was started by hand takes those that you start. The bits of the result do not depend on it.',
    )
    .argument(...serverArgument)
    .addOption(workers)
    .addHelpText('after', examples);
  return addFlags(command, accessFlags).action(async (url: string, options: ScaleFlags) => {
    const body = { workers: options.workers };
    const access = accessOf('control', options);
    await askServer(url, { method: 'POST', path: '/control/scale', body, ...access });
    const count = options.workers === 1 ? '1 worker' : `${options.workers} workers`;
    process.stdout.write(`The run is to have ${count}.\n`);
  });
}
