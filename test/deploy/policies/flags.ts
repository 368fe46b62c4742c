import type { IContainer } from 'kubernetes-models/v1/Container';
import type { FlagDefinition } from 'paceline/programs';
import { serverFlags, workerFlags } from 'paceline/programs';

import type { Program } from '../manifest.ts';
import { programOf } from '../manifest.ts';
import type { Found, Policy } from './policy.ts';
import { forEachContainer } from './policy.ts';

const flagsOf: Readonly<Record<Program, readonly FlagDefinition[]>> = {
  server: serverFlags,
  worker: workerFlags,
};

/** Variables that stand for no flag: the worker's argument. */
const otherVariables: Readonly<Record<Program, readonly string[]>> = {
  server: [],
  worker: ['PACELINE_SERVER'],
};

/** Arguments and variables are what the programs understand, with values that they take. */
export const realFlags: Policy = forEachContainer((container) => {
  const program = programOf(container);
  if (program === undefined) return [];
  return [...wrongArguments(container, program), ...wrongVariables(container, program)];
});

function wrongArguments({ args = [] }: IContainer, program: Program): Found {
  return args
    .filter((word) => word.startsWith('-'))
    .flatMap((word) => {
      const [name = '', ...rest] = word.split('=');
      const flag = flagsOf[program].find(({ flags }) => flags.split(' ')[0] === name);
      if (flag === undefined) return [`${program} has no flag ${name}`];
      const takesValue = flag.flags.includes('<');
      if (takesValue !== rest.length > 0) return [`${flag.flags} is written as ${word}`];
      return takesValue ? [wrongValue(flag, rest.join('='))] : [];
    });
}

function wrongVariables({ env = [] }: IContainer, program: Program): Found {
  return env
    .filter(({ name }) => name.startsWith('PACELINE_') && !otherVariables[program].includes(name))
    .map(({ name, value }) => {
      const flag = flagsOf[program].find((each) => each.env === name);
      if (flag === undefined) return `${program} reads no ${name}`;
      return value === undefined ? undefined : wrongValue(flag, value);
    });
}

function wrongValue(flag: FlagDefinition, text: string): string | undefined {
  if (flag.choices?.includes(text) === false) return `${flag.flags} cannot be ${text}`;
  try {
    flag.parse?.(text, undefined as never);
    return undefined;
  } catch (error) {
    return `${flag.flags} cannot be ${text}: ${String(error)}`;
  }
}
