import { describe, expect, it } from 'vitest';

import { createForesight } from '../../src/compute/foresight.ts';

describe('foresight', () => {
  it('expects what followed the last time, as many steps later', () => {
    const foresight = createForesight();
    const expected = [
      [0, 4],
      [0, 5],
      [1, 4],
      [1, 5],
      [2, 4],
    ].map(([version = 0, leaf = 0]) => foresight.next({ version, leaf }));
    expect(expected).toEqual([
      undefined,
      undefined,
      { version: 1, leaf: 5 },
      { version: 2, leaf: 4 },
      { version: 2, leaf: 5 },
    ]);
  });

  it('learns nothing from a server that goes back', () => {
    const foresight = createForesight();
    for (const version of [40, 41]) foresight.next({ version, leaf: 1 });
    expect(foresight.next({ version: 20, leaf: 1 })).toEqual({ version: 21, leaf: 1 });
    expect(foresight.next({ version: 21, leaf: 1 })).toEqual({ version: 22, leaf: 1 });
  });

  it('follows a lease that moves', () => {
    const foresight = createForesight();
    for (const version of [0, 1, 2]) foresight.next({ version, leaf: 0 });
    expect(foresight.next({ version: 3, leaf: 7 })).toBeUndefined();
    expect(foresight.next({ version: 4, leaf: 7 })).toEqual({ version: 5, leaf: 7 });
  });
});
