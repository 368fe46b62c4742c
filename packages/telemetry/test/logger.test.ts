import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Line {
  readonly msg: string;
  readonly [key: string]: unknown;
}

function run(...args: readonly string[]) {
  const script = join(import.meta.dirname, './support/log-and-exit.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return { status, stdout, lines: stderr.trim().split('\n') };
}

describe('the logger', () => {
  it('loses no line when the process exits at once, through a pipe', () => {
    const { status, stdout, lines } = run('debug');
    expect([status, stdout, lines.length]).toEqual([3, '', 2001]);
    const last = JSON.parse(lines.at(-1)) as Line;
    expect(last).toMatchObject({ msg: 'the last words', name: 'server', run: 'r 1', level: 50 });
    expect(JSON.stringify(last['error'])).toMatch(/disk full.*no space/);
  });

  it('is silent below its level', () => {
    expect(run('info').lines).toHaveLength(1);
    expect(run('silent').lines).toEqual(['']);
  });

  it('writes lines for people when it is asked to', () => {
    const { lines } = run('debug', 'pretty');
    expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} debug server: a line before the end i=1$/);
    expect(lines.slice(2000).join('\n')).toMatch(
      /ERROR server: the last words run="r 1" error=Error: disk full\n(.*\n)+caused by: Error: no space/,
    );
  });
});
