import { describe, expect, it } from 'vitest';
import { createAttempts } from '../../src/access/attempts.ts';

function failing(address: string, times: number, nowMs = 0): ReturnType<typeof createAttempts> {
  const attempts = createAttempts();
  for (let i = 0; i < times; i++) attempts.fail(address, nowMs);
  return attempts;
}

describe('wrong tokens', () => {
  it('block an address at the tenth in a row, and no other', () => {
    expect(failing('10.0.0.7', 9).isBlocked('10.0.0.7', 0)).toBe(false);
    expect(failing('10.0.0.7', 10).isBlocked('10.0.0.7', 0)).toBe(true);
    expect(failing('10.0.0.7', 10).isBlocked('10.0.0.8', 0)).toBe(false);
  });

  it('are forgotten, one in three seconds', () => {
    const attempts = failing('10.0.0.7', 10);
    expect(attempts.isBlocked('10.0.0.7', 2_999)).toBe(true);
    expect(attempts.isBlocked('10.0.0.7', 3_000)).toBe(false);
    attempts.fail('10.0.0.7', 3_000);
    expect(attempts.isBlocked('10.0.0.7', 3_001)).toBe(true);
    expect(attempts.isBlocked('10.0.0.7', 60_000)).toBe(false);
  });

  it('count for the whole network of an IPv6 address, however it is written', () => {
    const attempts = failing('2001:db8:0:1::5', 10);
    expect(attempts.isBlocked('2001:db8:0:1:ffff::1', 0)).toBe(true);
    expect(attempts.isBlocked('2001:db8:0:2::5', 0)).toBe(false);
    expect(failing('::1', 10).isBlocked('::2', 0)).toBe(true);
  });

  it('count for an IPv4 address also when the socket says it in IPv6', () => {
    const attempts = failing('::ffff:10.0.0.7', 10);
    expect(attempts.isBlocked('10.0.0.7', 0)).toBe(true);
    expect(attempts.isBlocked('::ffff:10.0.0.8', 0)).toBe(false);
  });

  it('of ever new addresses take no more memory than there is for them', () => {
    const attempts = failing('10.0.0.7', 10);
    for (let i = 0; i < 10_000; i++) attempts.fail(`host-${String(i)}`, 0);
    expect(attempts.isBlocked('10.0.0.7', 0)).toBe(false);
  });
});
