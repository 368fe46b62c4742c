import { Command } from 'commander';
import { addFlags } from 'paceline/programs';

import { accessFlags, accessOf } from './access-flags.ts';
import type { AccessFlags } from './access-flags.ts';
import { askServer } from './request.ts';

/** A command that asks a running server for one thing. */
export interface ControlCommand {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** What is printed when the server has accepted. */
  readonly accepted: (url: string) => string;
}

/** The argument of every command that speaks to a running server. */
export const serverArgument = [
  '<URL>',
  'the address of the server, as its start event says it: ws://127.0.0.1:7070 or ws+unix:///path:/',
] as const;

/** Creates `paceline NAME URL`, which asks for `/control/NAME`. */
export function createControlCommand(control: ControlCommand): Command {
  const { name, summary, description, accepted } = control;
  const command = new Command(name)
    .summary(summary)
    .description(description)
    .argument(...serverArgument)
    .addHelpText('after', `\nExample:\n  $ paceline ${name} ws://127.0.0.1:7070\n`);
  return addFlags(command, accessFlags).action(async (url: string, options: AccessFlags) => {
    const access = accessOf('control', options);
    await askServer(url, { method: 'POST', path: `/control/${name}`, ...access });
    process.stdout.write(`${accepted(url)}\n`);
  });
}
