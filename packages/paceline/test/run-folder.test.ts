import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { chooseRunFolder } from '../src/run-folder.ts';

const wallMs = new Date(2026, 7, 30, 17, 4, 3).getTime();

let runs: string;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'paceline-runs-'));
});
afterEach(() => {
  rmSync(runs, { recursive: true });
});

/** Makes a folder of a run; with a checkpoint when a step is given. */
function makeRun(name: string, step?: number): string {
  const folder = join(runs, name);
  mkdirSync(step === undefined ? folder : join(folder, 'checkpoints', `step-${step}`), {
    recursive: true,
  });
  return folder;
}

function choose(options: { readonly out?: string; readonly resume?: string | true }): string {
  return chooseRunFolder({ job: 'xor', wallMs, runs, ...options });
}

describe('the folder of a new run', () => {
  it('has the job and the local time in its name', () => {
    expect(choose({})).toBe(join(runs, 'xor-20260830-170403'));
  });

  it('is never one that exists', () => {
    makeRun('xor-20260830-170403');
    makeRun('xor-20260830-170403-2');
    expect(choose({})).toBe(join(runs, 'xor-20260830-170403-3'));
  });

  it('is the one that was asked for, unless it has the checkpoints of a run', () => {
    expect(choose({ out: makeRun('mine') })).toBe(join(runs, 'mine'));
    const out = makeRun('other', 200);
    expect(() => choose({ out })).toThrow(
      `${out} has the checkpoints of a run. Go on from them with --resume ${out}, or choose another folder for --out.`,
    );
  });
});

describe('the folder of a run that goes on', () => {
  it('is the one that was named', () => {
    const folder = makeRun('mine', 0);
    expect(choose({ resume: folder })).toBe(folder);
    expect(choose({ resume: folder, out: `${folder}/` })).toBe(folder);
    expect(choose({ resume: true, out: folder })).toBe(folder);
  });

  it('is that of the newest run of the job that has checkpoints', () => {
    makeRun('xor-20260829-235959', 900);
    makeRun('xor-20260830-170403-2', 5);
    makeRun('xor-20260830-170403-10', 5);
    makeRun('xor-20260830-180000');
    makeRun('xor-deep-20260831-000000', 5);
    makeRun('xor-mine', 5);
    expect(choose({ resume: true })).toBe(join(runs, 'xor-20260830-170403-10'));
  });

  it('must have checkpoints', () => {
    expect(() => choose({ resume: true })).toThrow(`No run of xor in ${runs}/ has checkpoints: `);
    const empty = makeRun('empty');
    expect(() => choose({ resume: empty })).toThrow(`${empty} has no checkpoints: `);
    expect(() => choose({ resume: join(runs, 'none') })).toThrow('there is nothing to resume');
  });

  it('cannot be another than that of --out', () => {
    const options = { resume: makeRun('a', 1), out: makeRun('b', 1) };
    expect(() => choose(options)).toThrow('Leave --out away');
  });
});
