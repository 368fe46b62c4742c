import { Option } from 'commander';
import type { Command } from 'commander';

import type { FlagDefinition } from './flags.ts';

/** What a variable of a switch says when the switch is off. Without a word it is on or off by being there. */
const off: readonly string[] = ['0', 'false', 'no', 'off'];

/** Adds flags to a command, in the order of the list. */
export function addFlags(
  command: Command,
  definitions: readonly FlagDefinition[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Command {
  for (const definition of definitions) command.addOption(createOption(definition, env));
  return command;
}

/**
 * The flags of a program that runs where nobody types: each of them may come from a variable instead, `PACELINE_` and
 * its name in capitals. What is typed counts more.
 */
export function withEnvironment(definitions: readonly FlagDefinition[]): readonly FlagDefinition[] {
  return definitions.map((definition) => ({ ...definition, env: variableOf(definition) }));
}

/** `PACELINE_MIN_WORKERS` for `--min-workers <N>`. */
export function variableOf({ flags }: Pick<FlagDefinition, 'flags'>): string {
  const name = /--([a-z-]+)/.exec(flags)?.[1] ?? '';
  return `PACELINE_${name.toUpperCase().replaceAll('-', '_')}`;
}

function createOption(
  definition: FlagDefinition,
  env: Readonly<Record<string, string | undefined>>,
): Option {
  const option = new Option(definition.flags, definition.description);
  if (definition.choices !== undefined) option.choices(definition.choices);
  if (definition.parse !== undefined)
    option.argParser(definition.parse as (text: string) => unknown);
  // A variable that is set to nothing, as templates leave it, is one that is not set.
  const value = definition.env === undefined ? undefined : env[definition.env];
  const isGiven = value !== '' && !(option.isBoolean() && off.includes(value ?? ''));
  if (definition.env !== undefined && isGiven) option.env(definition.env);
  if (definition.default !== undefined) option.default(definition.default, definition.defaultText);
  return option;
}
