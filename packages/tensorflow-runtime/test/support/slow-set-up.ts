/**
 * A program: a set-up with a fake workshop whose build says `building` and goes on when it reads a line.
 * Arguments: project, cache. Says `done HOW` at the end.
 */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { provisionTensorFlow } from '../../src/provision.ts';
import { createFakeWorkshop, fakePlatform } from './fake-workshop.ts';

const [project = '', cache = ''] = process.argv.slice(2);
const workshop = createFakeWorkshop(project);
const { buildAddon } = workshop;
workshop.buildAddon = async (options) => {
  await writeFile(join(options.workDirectory, 'half-made'), 'half');
  process.stdout.write('building\n');
  await once(process.stdin, 'data');
  await buildAddon(options);
};
const { how } = await provisionTensorFlow({
  project,
  cache,
  workshop,
  platform: fakePlatform,
  log: (line) => process.stdout.write(`${line}\n`),
});
process.stdout.write(`done ${how}\n`);
process.stdin.destroy();
