/**
 * Trains job.ts twice, with batches of 4 and with the whole data as batch, and draws the loss of each step over the examples
 * seen until then: picture.svg, beside this file.
 *
 *     node --conditions=paceline-source examples/stochastic/draw.ts
 */
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { train } from 'paceline';

import { drawCurves } from './picture.ts';
import type { Point } from './picture.ts';

const job = fileURLToPath(new URL('job.ts', import.meta.url));
const epochs = 100;

/** The loss of every step of a run. */
async function curveOf(batchSize: number): Promise<readonly Point[]> {
  const points: Point[] = [];
  const out = await mkdtemp(join(tmpdir(), 'stochastic-'));
  try {
    await train({
      job,
      out: join(out, 'run'),
      everySteps: 1,
      set: [`batchSize=${batchSize}`, `until.epochs=${epochs}`],
      onEvent: (event) => {
        if (event.type !== 'step') return;
        points.push({ examples: event.step * batchSize, loss: event.loss });
      },
    });
  } finally {
    await rm(out, { recursive: true, force: true });
  }
  return points;
}

const curves = { stochastic: await curveOf(4), full: await curveOf(256) };
writeFileSync(new URL('picture.svg', import.meta.url), drawCurves(curves));
