// @ts-check
// Gives every package of the workspace its tag (for the boundary rule in eslint.config.js) and its lint target,
// so that no manifest repeats them. The table of packages is test/architecture/table.ts.
import { dirname } from 'node:path';
import { packageRules, tagOf } from './test/architecture/table.ts';

export const name = 'paceline';

/** The manifests to look at, and what to say about them: the form that Nx asks of a plugin. */
export const createNodesV2 = [
  '{package.json,packages/*/package.json,apps/*/package.json}',
  (/** @type {readonly string[]} */ manifests) =>
    manifests.map((manifest) => [manifest, { projects: project(dirname(manifest)) }]),
];

/** @param {string} root */
const project = (root) => {
  const isRepository = root === '.';
  const rule = packageRules.find(({ folder }) => folder === root);
  const files = isRepository ? 'scripts test benchmarks *.ts *.js .dependency-cruiser.cjs' : root;
  return {
    [root]: {
      root,
      ...(isRepository ? { name: 'repository' } : {}),
      tags: isRepository ? ['repository'] : rule ? [tagOf(rule.name)] : [],
      targets: {
        lint: {
          executor: 'nx:run-commands',
          options: { command: `eslint --max-warnings 0 ${files}`, cwd: '{workspaceRoot}' },
        },
      },
    },
  };
};
