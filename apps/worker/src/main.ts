// The worker as a program: what a container or a supervisor runs.
import { runAsMain, workerCommand } from 'paceline/programs';

await runAsMain(workerCommand());
