import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createSampleImage } from '@paceline/server/testing';
import { describe, expect, test, vi } from 'vitest';
import { openFolder } from '../../src/checkpoint/open-folder.ts';
import { createValidity } from '../../src/checkpoint/validity.ts';
import { writeCheckpoint } from '../../src/checkpoint/write-checkpoint.ts';
import { openTestFolder } from '../support/folder.ts';

type Call = 'writeSync' | 'fsyncSync' | 'openSync' | 'renameSync' | 'rmSync' | 'readdirSync';
type Fault = (name: Call, args: readonly unknown[]) => string | undefined;

/** What the disk refuses at the moment: the code of the error. */
const disk = vi.hoisted((): { fault: Fault } => ({ fault: () => undefined }));

vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs')>();
  const calls: readonly Call[] = [
    'writeSync',
    'fsyncSync',
    'openSync',
    'renameSync',
    'rmSync',
    'readdirSync',
  ];
  const guard =
    (name: Call) =>
    (...args: readonly unknown[]) => {
      const code = disk.fault(name, args);
      if (code !== undefined) throw Object.assign(new Error(`${code}, ${name}`), { code });
      return Reflect.apply(real[name], undefined, args) as unknown;
    };
  return { ...real, ...Object.fromEntries(calls.map((name) => [name, guard(name)])) };
});

/** Until it goes out of scope, the disk refuses what `fault` says. */
function refuse(fault: Fault): Disposable {
  disk.fault = fault;
  return {
    [Symbol.dispose]: () => {
      disk.fault = () => undefined;
    },
  };
}

function write(folder: string, step: number): string {
  const o = { retention: { keep: 1 }, validity: createValidity() };
  return writeCheckpoint(folder, createSampleImage({ step }), o).path;
}

const newestStep = (folder: string): number | undefined => openFolder(folder).newest?.facts.step;

describe('a disk that refuses', () => {
  test.each([
    ['writeSync', 'ENOSPC', 'the disk is full; make room, or keep fewer checkpoints'],
    ['fsyncSync', 'EIO', 'the disk fails; look at the system log'],
    ['renameSync', 'EROFS', 'the disk is mounted read-only; give a folder that can be written'],
  ] as const)('%s with %s: the words say so, the older checkpoint stays', (call, code, words) => {
    using folder = openTestFolder();
    write(folder.path, 1);
    {
      using _fault = refuse((name) => (name === call ? code : undefined));
      const message = `${join(folder.path, 'step-2')}: ${words}`;
      expect(() => write(folder.path, 2)).toThrow(message);
    }
    expect(readdirSync(folder.path)).toEqual(['step-1']);
    expect(newestStep(folder.path)).toBe(1);
  });

  test('even to clean up: the words are those of the first error, and the next opening sweeps', () => {
    using folder = openTestFolder();
    {
      let isFull = false;
      using _fault = refuse((name) => {
        isFull ||= name === 'writeSync';
        return name === 'writeSync' ? 'ENOSPC' : name === 'rmSync' && isFull ? 'EROFS' : undefined;
      });
      expect(() => write(folder.path, 1)).toThrow('the disk is full');
    }
    expect(readdirSync(folder.path)).toEqual([`step-1.partial-${process.pid}`]);
    expect(openFolder(folder.path).notices).toHaveLength(1);
    expect(readdirSync(folder.path)).toEqual(['term-1']);
  });

  test('to delete: the new checkpoint is written all the same, and the old one goes after the next', () => {
    using folder = openTestFolder();
    write(folder.path, 1);
    {
      using _fault = refuse((name, [path]) =>
        name === 'renameSync' && path === join(folder.path, 'step-1') ? 'EACCES' : undefined,
      );
      write(folder.path, 2);
    }
    expect(readdirSync(folder.path)).toEqual(['step-1', 'step-2']);
    write(folder.path, 3);
    expect(readdirSync(folder.path)).toEqual(['step-3']);
  });

  test('every change: the newest whole checkpoint is found all the same, and notices say what was not done', () => {
    using folder = openTestFolder();
    write(folder.path, 2);
    mkdirSync(join(folder.path, 'step-3'));
    const changes: readonly Call[] = ['renameSync', 'rmSync'];
    using _fault = refuse((name, args) =>
      changes.includes(name) || (name === 'openSync' && args[1] === 'wx') ? 'EROFS' : undefined,
    );
    const { term, newest, notices } = openFolder(folder.path);
    expect([term, newest?.facts.step]).toEqual([2, 2]);
    expect(notices).toHaveLength(2);
    expect(notices[0]).toMatch(/^step-3 is damaged .* cannot be moved aside: .*read-only/);
    expect(notices[1]).toMatch(/^term 2 could not be written down: .*read-only/);
  });

  test('to read a folder or a checkpoint for want of permission: that is no damage, and nothing is moved', () => {
    using folder = openTestFolder();
    const path = write(folder.path, 1);
    {
      using _fault = refuse((name) => (name === 'readdirSync' ? 'EACCES' : undefined));
      expect(() => openFolder(folder.path)).toThrow(
        expect.objectContaining({ code: 'checkpoints-unusable' }),
      );
    }
    {
      using _fault = refuse((name, [file]) =>
        name === 'openSync' && file === join(path, 'parameters.safetensors') ? 'EACCES' : undefined,
      );
      expect(() => openFolder(folder.path)).toThrow('this user has no permission');
    }
    expect(readdirSync(folder.path)).toContain('step-1');
  });
});
