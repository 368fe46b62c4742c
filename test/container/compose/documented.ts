import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../architecture/workspace.ts';

const readme = readFileSync(join(root, 'deploy/README.md'), 'utf8');
const section = /\n## Compose\n([^]*?)\n## /.exec(readme)?.[1] ?? '';
const commands = [...section.matchAll(/```\n([^]*?)```/g)].flatMap(([, block = '']) =>
  block.trim().split('\n'),
);

const taken = new Set<string>();

/** The one command of deploy/README.md's section on Compose that holds these words, as it stands there. */
export const documented = (words: string): string => {
  const found = commands.filter((line) => line.includes(words));
  const [command] = found;
  if (command === undefined || found.length > 1) {
    throw new Error(`not one command with "${words}" in deploy/README.md:\n${commands.join('\n')}`);
  }
  taken.add(command);
  return command;
};

/** What nobody asked for so far. */
export const untried = (): readonly string[] => commands.filter((line) => !taken.has(line));
