import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pass } from 'node:timers/promises';

import { createRandom } from '@paceline/math';
import { openDiskStorage } from '@paceline/server';
import { systemClock } from '@paceline/telemetry';
import { expect, test } from 'vitest';

import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';

/** Writes as the server's thread does; a whole server takes so long to start that 200 of them would be too many. */
const program = join(import.meta.dirname, '../support/fixtures/write-checkpoints.ts');
/** Folders that are written and killed at the same time. */
const lanes = 4;
const killsPerLane = 50;
/** A writer lives until it wrote none, one or two, and then for as long as one takes. */
const mostWritten = 3;
const oneTakesMs = 15;

test('of 200 kills at any moment, none costs a checkpoint that was durable or leaves anything behind', async () => {
  using scratch = openScratch();
  const each = Array.from({ length: lanes }, (_, lane) => killOften(scratch, lane));
  for (const step of await Promise.all(each)) expect(step).toBeGreaterThan(killsPerLane / 2);
});

/** Kills the writers of one folder, one after the other. Gives the step that they reached. */
async function killOften(scratch: Scratch, lane: number): Promise<number> {
  const folder = join(scratch.path, `lane-${lane}`);
  const random = createRandom(1, lane);
  let [reached, term] = [0, 0];
  let writer = startWriter(scratch, folder);
  for (let kill = 0; kill < killsPerLane; kill++) {
    const written = random.uint32() % mostWritten;
    const thenMs = random.uniform() * oneTakesMs;
    // The next one starts while this one writes: it takes longer to start than it lives.
    const next = startWriter(scratch, folder);
    const durable = await writer.write({ after: reached, written, thenMs });
    writer = next;
    const opened = await openDiskStorage(folder, { clock: systemClock(), keep: 2 }).open();
    expect(opened.term).toBeGreaterThan(term);
    expect(opened.notices.filter((notice) => !notice.includes('did not finish it'))).toEqual([]);
    ({ term } = opened);
    reached = opened.newest?.facts.step ?? 0;
    expect(reached).toBeGreaterThanOrEqual(durable);
    expect(readdirSync(folder).filter((name) => !/^step-\d+$/.test(name))).toEqual([
      `term-${term}`,
    ]);
    // Those that are kept, and one that was about to be deleted.
    expect(readdirSync(folder).length - 1).toBeLessThanOrEqual(3);
  }
  await writer.write({ after: reached, written: 0, thenMs: 0 });
  return reached;
}

/** A process that writes checkpoints once it is told to. */
function startWriter({ env, path }: Scratch, folder: string) {
  const child = spawn(process.execPath, ['--conditions=paceline-source', program, folder], {
    env: { ...env, NODE_COMPILE_CACHE: join(path, 'compiled') },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'close');
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const ready = once(reader, 'line');
  return {
    /** Lets it write, then kills it. Gives the last step of which it said that it is durable. */
    async write(o: {
      readonly after: number;
      readonly written: number;
      readonly thenMs: number;
    }): Promise<number> {
      await ready;
      child.stdin.write(`${o.after}\n`);
      while (lines.length < 1 + o.written) await once(reader, 'line');
      await pass(o.thenMs);
      child.kill('SIGKILL');
      await exited;
      const [, ...steps] = lines.map(Number);
      return Math.max(o.after, ...steps);
    },
  };
}
