import { z } from 'zod';

import { oneOf } from '../issues.ts';

/** A whole number from `least` to `most`, both included. */
export function wholeNumber(
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): z.ZodType<number> {
  const range = most === Number.MAX_SAFE_INTEGER ? `>= ${least}` : `from ${least} to ${most}`;
  const rule = `must be a whole number ${range}`;
  return z.int(rule).min(least, rule).max(most, rule);
}

/**
 * A list of at most `most` items. The length is checked before the items: what is wrong with each of a million items would
 * fill the memory.
 */
export function listOf<T>(item: z.ZodType<T>, most: number): z.ZodType<T[]> {
  return z.array(z.unknown()).max(most, `must have at most ${most} items`).pipe(z.array(item));
}

/** A finite number of which `isRight` holds; `rule` says so in words, from "must be" on. */
export function realNumber(rule: string, isRight: (value: number) => boolean): z.ZodType<number> {
  return z.number(rule).refine(isRight, rule);
}

/** The settings of one of several things, told apart by `type`. `what` says what to write, for whoever wrote something else. */
export function ruleOfType(
  what: string,
  types: readonly string[],
): (issue: { code: string }) => string {
  return ({ code }) => (code === 'invalid_union' ? `must be ${oneOf(types)}` : `must be ${what}`);
}
