import { test } from 'vitest';

/** Declares a test: as vitest's `test`, without the options that a conditional test does not need. */
export type DeclareTest = (
  name: string,
  body: () => void | Promise<void>,
  timeoutMs?: number,
) => void;

/**
 * Declares tests that need something this machine may lack (the native addon, a Docker engine).
 *
 * Where it is available, the result is `test`. Where it is not, every test declared by it is skipped with the reason, and
 * the gate prints that line; in CI (`CI=true`) each fails instead, because a check that never runs checks nothing.
 *
 * @example
 *   const testNative = requireOrSkip('native TensorFlow', canLoadNative());
 *   testNative('adds two tensors', () => {...});
 *
 * @param what - What is needed, as it completes "needs ...".
 * @param available - Whether it is here.
 * @param isCi - Whether a lack is a failure; from the environment unless given.
 */
export const requireOrSkip = (
  what: string,
  available: boolean,
  isCi = process.env['CI'] === 'true',
): DeclareTest => {
  if (available) return (name, body, timeoutMs) => test(name, body, timeoutMs);
  return (name) => {
    test(name, ({ skip }) => {
      if (isCi) throw new Error(`needs ${what}, and CI must have it`);
      skip(`needs ${what}`);
    });
  };
};
