import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../architecture/workspace.ts';
import { run } from '../../support/run.ts';
import { sharedEngine } from '../shared-engine.ts';
import { steadyJob } from './cluster.ts';

/**
 * The `weightsSha256` of the lifecycle tests' job, trained by processes of this machine without a disturbance; once for
 * all test files.
 */
export const undisturbedWeights = async (): Promise<string> => {
  const { folder } = sharedEngine();
  const file = join(folder, 'undisturbed');
  if (!existsSync(file)) {
    const program = join(root, 'apps/cli/bin/paceline.js');
    const out = join(folder, 'undisturbed-run');
    const args = ['train', steadyJob, '--workers', '2', '--json', '--out', out];
    const [end = ''] =
      /^\{"type":"end".*$/m.exec(await run(process.execPath, [program, ...args])) ?? [];
    const { weightsSha256 } = JSON.parse(end) as { readonly weightsSha256: string };
    await writeFile(file, weightsSha256);
  }
  return await readFile(file, 'utf8');
};
