import { flags, readOwnToken } from 'paceline/programs';
import type { FlagDefinition } from 'paceline/programs';

import type { ServerQuestion } from './request.ts';

/** What every command that speaks to a running server takes to be let in. */
export interface AccessFlags {
  readonly tokenFile?: string;
}

/** The flags for it. */
export const accessFlags: readonly FlagDefinition[] = [flags.tokenFile];

/** What goes with a question to a server that is asked in `role`. @throws PacelineError, TokenError */
export function accessOf(
  role: 'observe' | 'control',
  { tokenFile }: AccessFlags,
): Pick<ServerQuestion, 'token'> {
  const onWarning = (text: string): void => void process.stderr.write(`warning: ${text}\n`);
  return { token: readOwnToken(role, { tokenFile, onWarning }) };
}
