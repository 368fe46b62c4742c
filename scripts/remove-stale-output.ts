// Deletes from ./dist what was compiled from a source that is gone: `tsc -b` leaves it there, and whatever lies in dist is
// published and kept by the cache of Nx. Runs in a package's folder, at the end of its `build`.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const sourceOf = (output: string) => output.replace(/(\.d\.ts|\.js)(\.map)?$/, '.ts');

const outputs = readdirSync('dist', { recursive: true, encoding: 'utf8' });
for (const output of outputs) {
  const source = sourceOf(output);
  if (source !== output && !existsSync(join('src', source))) rmSync(join('dist', output));
}
