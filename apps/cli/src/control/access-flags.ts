import { flags, readOwnToken, withEnvironment } from 'paceline/programs';
import type { ClientTlsOptions, FlagDefinition } from 'paceline/programs';

import type { ServerQuestion } from './request.ts';

/** What every command that speaks to a running server takes to be let in. */
export interface AccessFlags extends ClientTlsOptions {
  readonly tokenFile?: string;
}

/** The flags for it. */
export const accessFlags: readonly FlagDefinition[] = withEnvironment([
  flags.tokenFile,
  flags.tlsCa,
  flags.tlsCert,
  flags.tlsKey,
]);

/** What goes with a question to a server that is asked in `role`. @throws PacelineError, TokenError */
export function accessOf(
  role: 'observe' | 'control',
  options: AccessFlags,
): Pick<ServerQuestion, 'token' | 'tls'> {
  const { tokenFile } = options;
  const onWarning = (text: string): void => void process.stderr.write(`warning: ${text}\n`);
  return { token: readOwnToken(role, { tokenFile, onWarning }), tls: options };
}
