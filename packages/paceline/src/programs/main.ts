// What the launcher starts: `main.ts server ...` or `main.ts worker ...`.
import { Command } from 'commander';

import { runAsMain } from './run-program.ts';
import { serverCommand } from './server.ts';
import { workerCommand } from './worker.ts';

await runAsMain(new Command('paceline').addCommand(serverCommand()).addCommand(workerCommand()));
