// The check of a container: is the process well that writes the file named by the argument, or by PACELINE_HEALTH_FILE?
// Exit code 0: yes. 1: no, and one line says why. It is started every few seconds and so imports nothing but Node's own.
import { askWhetherWell } from '../health/ask.ts';

const file = process.argv[2] ?? process.env['PACELINE_HEALTH_FILE'];
const trouble = file === undefined ? 'PACELINE_HEALTH_FILE is not set' : await askWhetherWell(file);
if (trouble !== undefined) process.stdout.write(`${trouble}\n`);
process.exitCode = trouble === undefined ? 0 : 1;
