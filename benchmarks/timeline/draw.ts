/**
 * Draws one step of a run that kept a timeline, as SVG on standard output: the one of median length in the second half.
 *
 *     PACELINE_TIMELINE_DIRECTORY=spans paceline train JOB
 *     node --conditions=paceline-source benchmarks/timeline/draw.ts spans > step.svg
 */
import { readTimeline } from '@paceline/telemetry';

import { drawTimeline } from './drawing.ts';
import { medianStep } from './step.ts';

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write('draw.ts FOLDER: the folder that a run kept its timeline in\n');
  process.exit(2);
}
const threads = readTimeline(folder);
process.stdout.write(drawTimeline(threads, medianStep(threads)));
