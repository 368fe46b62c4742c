import { readFileSync } from 'node:fs';

import type { RunEvent } from '@paceline/protocol';
import { describe, expect, it } from 'vitest';

const document = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8');
const examples = [...document.matchAll(/^\{.*\}$/gm)].map(
  ([line]) => JSON.parse(line) as { readonly type: string },
);

/** One of each type, so that the compiler knows when one is missing here. */
const types: Readonly<Record<RunEvent['type'], true>> = {
  start: true,
  step: true,
  evaluation: true,
  hold: true,
  scale: true,
  worker: true,
  server: true,
  checkpoint: true,
  notice: true,
  fault: true,
  end: true,
  bench: true,
};

describe('docs/events.md', () => {
  it('has an example of every event that a run tells', () => {
    const told = new Set(examples.map(({ type }) => type));
    expect([...told].sort()).toEqual(
      Object.keys(types)
        .filter((type) => type !== 'bench')
        .sort(),
    );
  });
});
