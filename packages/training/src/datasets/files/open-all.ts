/** Opens several things of which all or none stay open. */

/** What is open until it is closed. */
export interface Closable {
  close(): void;
}

/** Opens in turn; what was opened is closed again when one cannot be. */
export function openAll<S, T extends Closable>(sources: readonly S[], open: (source: S) => T): T[] {
  const opened: T[] = [];
  try {
    for (const source of sources) opened.push(open(source));
  } catch (error) {
    closeAll(opened);
    throw error;
  }
  return opened;
}

/** Closes them all. */
export function closeAll(things: readonly Closable[]): void {
  for (const thing of things) thing.close();
}
