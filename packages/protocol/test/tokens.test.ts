import { parseTokens, tokenFor } from '@paceline/protocol';
import { describe, expect, it } from 'vitest';

const a = 'a'.repeat(16);
const b = 'Zm9vYmFyYmF6cXV4/+==';

describe('a token file', () => {
  it('with one token lets its owner do everything', () => {
    expect(parseTokens(`${a}\n`, 'F')).toEqual([
      { secret: a, roles: ['worker', 'observe', 'control'] },
    ]);
  });

  it('with roles has a token for each; who may control may observe', () => {
    const text = `# of the run in hall 3\r\n\nworker: ${a}\r\n control :${b}\nobserve: c${a}`;
    expect(parseTokens(text, 'F')).toEqual([
      { secret: a, roles: ['worker'] },
      { secret: b, roles: ['control', 'observe'] },
      { secret: `c${a}`, roles: ['observe'] },
    ]);
  });

  it('gives a client the token of its role, the first of several', () => {
    const tokens = parseTokens(`worker: ${a}\nworker: x${a}\ncontrol: ${b}`, 'F');
    expect(tokenFor(tokens, 'worker')).toBe(a);
    expect(tokenFor(tokens, 'observe')).toBe(b);
    expect(tokenFor(parseTokens(`worker: ${a}`, 'F'), 'control')).toBeUndefined();
  });

  it.each([
    ['a word', 'hunter2'],
    ['a role that there is not', `admin: ${a}`],
    ['a role without a token', 'worker:'],
    ['two words', `${a} ${a}`],
    ['letters that do not travel in a header', `${a}ü`],
  ])('is refused for %s, by its line and without showing it', (_what, line) => {
    const error = catchError(() => parseTokens(`${a}\n${line}\n`, 'run.token'));
    expect(error).toMatchObject({ name: 'TokenError', code: 'bad-token' });
    expect(error.message).toMatch(/^run\.token, line 2: a line is TOKEN or ROLE: TOKEN\./);
    for (const secret of ['hunter2', a, 'admin']) expect(error.message).not.toContain(secret);
  });

  it('is refused when it is empty, with how to make a token', () => {
    expect(() => parseTokens('# nothing\n', 'F')).toThrow(
      'F has no token. Make one with: openssl rand -hex 32',
    );
  });
});

function catchError(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
