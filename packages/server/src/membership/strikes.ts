/**
 * Bad results by worker name: a name outlives connections, processes and sessions, as a machine with a broken memory
 * does. Immutable.
 */
export type Strikes = ReadonlyMap<string, readonly string[]>;

/** A worker with so many bad results is let go for good. */
const mostStrikes = 3;

/** So many names are remembered: names cost nothing to invent. */
const mostNames = 1000;

/** One more, with its reason. The name that was struck first is forgotten when there are too many. */
export function addStrike(strikes: Strikes, name: string, reason: string): Strikes {
  const added = new Map(strikes).set(name, [...(strikes.get(name) ?? []), reason]);
  const [oldest] = added.keys();
  if (added.size > mostNames && oldest !== undefined) added.delete(oldest);
  return added;
}

/** Why a worker is no longer taken, in words; undefined while it is. */
export function quarantineReason(strikes: Strikes, name: string): string | undefined {
  const reasons = strikes.get(name) ?? [];
  if (reasons.length < mostStrikes) return undefined;
  return `${String(reasons.length)} bad results, the last one: ${reasons.at(-1) ?? ''}`;
}
