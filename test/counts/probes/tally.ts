/** What was counted, by name. */
export type Counts = Readonly<Record<string, number>>;

/** Counts of one thread, from its start on. */
export interface Tally {
  add(what: string, amount?: number): void;
  /** A copy of what has been counted so far. */
  read(): Counts;
}

/** Starts at nothing. */
export function createTally(): Tally {
  const counts: Record<string, number> = {};
  return {
    add(what, amount = 1) {
      counts[what] = (counts[what] ?? 0) + amount;
    },
    read: () => ({ ...counts }),
  };
}

/** `left` - `right`, name by name; what is zero is left out. */
export function subtract(left: Counts, right: Counts): Counts {
  const differences = Object.entries(left).map(
    ([what, count]) => [what, count - (right[what] ?? 0)] as const,
  );
  return Object.fromEntries(differences.filter(([, count]) => count !== 0));
}

/** The counts over `steps`. */
export function divide(counts: Counts, steps: number): Counts {
  return Object.fromEntries(Object.entries(counts).map(([what, count]) => [what, count / steps]));
}
