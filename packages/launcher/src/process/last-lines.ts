/** Keeps the newest lines of a process, for the case that it fails. */
export interface LastLines {
  push(line: string): void;
  /** Oldest first. */
  list(): readonly string[];
}

/** Creates a memory of at most `limit` lines. */
export function createLastLines(limit: number): LastLines {
  const lines: string[] = [];
  return {
    push: (line) => {
      lines.push(line);
      if (lines.length > limit) lines.shift();
    },
    list: () => [...lines],
  };
}
