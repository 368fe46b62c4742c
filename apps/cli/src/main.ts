// The command `paceline`; bin/paceline.js imports this file.
import { enableCompileCache } from 'node:module';

import { compileCacheFolder } from '@paceline/launcher/compile-cache';

const folder = compileCacheFolder();
if (folder !== undefined) enableCompileCache(folder);

// All that takes time to load comes after this: its compiled code is found in the cache.
const { runAsMain } = await import('paceline/programs');
const { createProgram } = await import('./program.ts');

await runAsMain(createProgram());
