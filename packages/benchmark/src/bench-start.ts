import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { goals } from './board/goals.ts';
import type { LatencyResult } from './board/latency-result.ts';
import { rowOf } from './board/row.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

/** How starts are measured. */
export interface BenchStartOptions {
  readonly rounds: number;
  /** The command `paceline`, as this process was started. */
  readonly program: { readonly command: string; readonly args: readonly string[] };
  readonly onProgress: (line: string) => void;
}

/** `paceline train mnist-mlp` again and again, each time from the command to its first step, backends in turns. */
export async function benchStart(options: BenchStartOptions): Promise<LatencyResult> {
  const backends = (goals['start'] ?? []).flatMap((goal) => ('subject' in goal ? [goal] : []));
  const seconds = new Map<string, number[]>(backends.map(({ subject }) => [subject, []]));
  // The first round finds caches cold, perhaps: it does not count.
  for (let round = 0; round <= options.rounds; round += 1) {
    for (const { subject } of round % 2 === 0 ? backends : backends.toReversed()) {
      const took = await timeStart(subject, options);
      options.onProgress(`round ${round}: ${subject} ${took.toFixed(2)} s to the first step`);
      if (round > 0) seconds.get(subject)?.push(took);
    }
  }
  const rows = backends.map((goal) => rowOf(goal, seconds.get(goal.subject) ?? []));
  return { type: 'bench', name: 'start', rows };
}

async function timeStart(backend: string, { program }: BenchStartOptions): Promise<number> {
  await using folder = await openTemporaryFolder();
  const args = ['train', 'mnist-mlp', '--backend', backend, '--every', '1', '--json'];
  const startedMs = performance.now();
  const child = spawn(
    program.command,
    [...program.args, ...args, '--out', join(folder.path, 'run')],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let words = '';
  child.stderr.on('data', (chunk) => (words += String(chunk)));
  const closed = once(child, 'close');
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const event = JSON.parse(line) as { readonly type: string };
      if (event.type === 'step') return (performance.now() - startedMs) / 1000;
    }
    throw new Error(`paceline train --backend ${backend} ended without a step:\n${words}`);
  } finally {
    child.kill('SIGINT');
    child.stdout.resume();
    await closed;
  }
}
