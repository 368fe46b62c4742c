import { serverFlags, workerFlags } from 'paceline/programs';
import { expect, it } from 'vitest';

import { readGenerated } from '../../../../test/support/generated-part.ts';
import { trainFlags } from '../../src/commands/train.ts';
import { describeEnvironment } from '../../src/render/environment.ts';
import { runCli } from '../support/run-cli.ts';

it('docs/environment.md has the table as it is generated (else: npm run describe in this package)', () => {
  expect(readGenerated('environment.md')).toBe(describeEnvironment());
});

it.each([
  ['server', serverFlags],
  ['worker', workerFlags],
  ['train', trainFlags],
])('the help of %s names the variable of every flag', (name, list) => {
  const help = runCli(name, '--help').stdout.replace(/\s+/g, ' ');
  for (const { env = 'none' } of list) expect(help).toContain(`env: ${env}`);
});
