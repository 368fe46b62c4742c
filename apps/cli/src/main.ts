// The command `paceline`; bin/paceline.js imports this file.
import { runAsMain } from 'paceline/programs';

import { createProgram } from './program.ts';

await runAsMain(createProgram());
