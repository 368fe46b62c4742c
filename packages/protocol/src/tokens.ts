import { TokenError } from './errors.ts';

/** What a token may allow, and what it allows in words. */
export const roles = [
  { role: 'worker', allows: 'connect as a worker: get the job and the parameters, send gradients' },
  { role: 'observe', allows: 'read the status of the run, and whatever else is served to read' },
  {
    role: 'control',
    allows: 'pause, resume, checkpoint, scale and stop the run; includes observe',
  },
] as const;

/** A role of the table. */
export type Role = (typeof roles)[number]['role'];

/** A secret, and whom it lets in. */
export interface Token {
  readonly secret: string;
  readonly roles: readonly Role[];
}

/** As RFC 6750 (2.1) writes a bearer token. Sixteen characters at least: shorter ones are words, and can be guessed. */
const shape = /^[\w.~+/-]{16,512}={0,2}$/;
const rolePrefix = /^(worker|observe|control)\s*:\s*/;

/**
 * Reads the text of a token file: a token on a line of its own is for all roles, `role: token` for that role alone.
 * Empty lines and those that begin with `#` count for nothing; a role may have several tokens, so that one can be
 * replaced while the other is still in use.
 *
 * @param where names the file, or the variable, in the error
 * @throws TokenError that names the line, and never shows what is in it
 */
export function parseTokens(text: string, where: string): readonly Token[] {
  const tokens = text.split('\n').flatMap((line, index) => {
    const words = line.trim();
    return words === '' || words.startsWith('#') ? [] : [parseLine(words, where, index + 1)];
  });
  if (tokens.length > 0) return tokens;
  throw new TokenError(`${where} has no token. ${howToMakeOne}`);
}

/** The token of a file that stands for `role`: a file may have those of others beside it. */
export function tokenFor(tokens: readonly Token[], role: Role): string | undefined {
  return tokens.find((token) => token.roles.includes(role))?.secret;
}

/** How to make a token, for errors and documents. */
export const howToMakeOne = 'Make one with: openssl rand -hex 32';

function parseLine(words: string, where: string, line: number): Token {
  const role = rolePrefix.exec(words)?.[1] as Role | undefined;
  const secret = words.replace(rolePrefix, '');
  if (!shape.test(secret)) {
    throw new TokenError(
      `${where}, line ${line}: a line is TOKEN or ROLE: TOKEN. ROLE is worker, observe or control; TOKEN has 16 to ` +
        `512 letters, digits and - . _ ~ + /. ${howToMakeOne}`,
    );
  }
  if (role === 'control') return { secret, roles: ['control', 'observe'] };
  return { secret, roles: role === undefined ? roles.map((each) => each.role) : [role] };
}
