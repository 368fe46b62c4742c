import { MathError } from '../errors.ts';

/** What a number may be: words, and whether a number is that. */
export type Domain = readonly [words: string, contains: (value: number) => boolean];

/** > 0 */
export const positive: Domain = ['> 0', (value) => value > 0];
/** >= 0 */
export const notNegative: Domain = ['>= 0', (value) => value >= 0];
/** In [0, 1) */
export const share: Domain = ['in [0, 1)', (value) => value >= 0 && value < 1];

/**
 * Checks numbers of settings, each against its domain.
 * @throws {MathError} `bad-argument` for the first that is not finite, or outside
 */
export function checkNumbers<S extends { readonly type: string }>(
  settings: S,
  domains: Readonly<Partial<Record<keyof S, Domain>>>,
): void {
  for (const [name, [words, contains]] of Object.entries(domains) as [keyof S & string, Domain][]) {
    const value = settings[name] as number;
    if (Number.isFinite(value) && contains(value)) continue;
    throw new MathError(
      'bad-argument',
      `${settings.type}: ${name} must be ${words}, got ${value}`,
      {
        data: { name, value },
      },
    );
  }
}
