/**
 * A program: a pip that writes the file that FAKE_PIP_CONTENT holds, or fails with the words of FAKE_PIP_ERROR.
 * Keeps its arguments and the requirements in the target folder's parent.
 */
import { copyFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const args = process.argv.slice(2);
const after = (flag: string): string => args[args.indexOf(flag) + 1] ?? '';
const failure = process.env['FAKE_PIP_ERROR'];
if (failure !== undefined) {
  process.stderr.write(`${failure}\n`);
  process.exit(1);
}
const target = after('-d');
writeFileSync(join(dirname(target), 'arguments.json'), JSON.stringify(args));
copyFileSync(after('-r'), join(dirname(target), 'asked-for.txt'));
writeFileSync(join(target, 'some-1.0.whl'), process.env['FAKE_PIP_CONTENT'] ?? '');
