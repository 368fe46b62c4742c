// The parameter server as a program: what a container or a supervisor runs.
import { runAsMain, serverCommand } from 'paceline/programs';

await runAsMain(serverCommand());
