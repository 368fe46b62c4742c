/**
 * Bad results by worker name: a name outlives connections, processes and sessions, as a machine with a broken memory
 * does. Immutable.
 */
export type Strikes = ReadonlyMap<string, readonly string[]>;

/** A worker with so many bad results is let go for good. */
const mostStrikes = 3;

/** One more, with its reason. */
export function addStrike(strikes: Strikes, name: string, reason: string): Strikes {
  return new Map(strikes).set(name, [...(strikes.get(name) ?? []), reason]);
}

/** Why a worker is no longer taken, in words; undefined while it is. */
export function quarantineReason(strikes: Strikes, name: string): string | undefined {
  const reasons = strikes.get(name) ?? [];
  if (reasons.length < mostStrikes) return undefined;
  return `${String(reasons.length)} bad results, the last one: ${reasons.at(-1) ?? ''}`;
}
