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

// In the repository the sources run as they are; an installed package brings only dist.
const source = new URL('../src/main.ts', import.meta.url);
if (existsSync(fileURLToPath(source))) {
  const { registerHooks } = await import('node:module');
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...context.conditions, 'paceline-source'] }),
  });
  await import(source.href);
} else {
  await import(new URL('../dist/main.js', import.meta.url).href);
}
