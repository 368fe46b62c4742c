#!/usr/bin/env node
// Plain JavaScript for any Node: it must be able to say that this Node is too old.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const oldest = [22, 18];
const current = process.versions.node.split('.').map(Number);

if (current[0] < oldest[0] || (current[0] === oldest[0] && current[1] < oldest[1])) {
  process.stderr.write(
    `paceline needs Node ${oldest.join('.')} or newer, and this is Node ${process.versions.node}. ` +
      'In a project, "npm install node@24" brings one that npx uses; else see https://nodejs.org.\n',
  );
  process.exit(2);
}

// In the repository the sources run as they are, under a condition that Node must know from its start: threads and
// child processes inherit it. The process stays the same, with its pid. An installed package brings only dist.
const source = fileURLToPath(new URL('../src/main.ts', import.meta.url));
if (existsSync(source)) {
  const condition = '--conditions=paceline-source';
  const args = [condition, ...process.execArgv, source, ...process.argv.slice(2)];
  process.execve(process.execPath, [process.execPath, ...args], process.env);
}
await import(new URL('../dist/main.js', import.meta.url).href);
