import { Command, Option } from 'commander';
import { wholeNumber } from 'paceline/programs';

import { serverArgument } from '../control/control-command.ts';
import { askServer } from '../control/request.ts';

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
  return new Command('scale')
    .summary('change the number of workers of a run')
    .description(
      'Surplus workers finish what they took on and leave. Missing ones are started where `paceline train` runs; a server ' +
        'that was started by hand takes those that you start. The bits of the result do not depend on it.',
    )
    .argument(...serverArgument)
    .addOption(workers)
    .addHelpText('after', examples)
    .action(async (url: string, options: { readonly workers: number }) => {
      await askServer(url, { method: 'POST', path: '/control/scale', body: options });
      const count = options.workers === 1 ? '1 worker' : `${options.workers} workers`;
      process.stdout.write(`The run is to have ${count}.\n`);
    });
}
