/** Everything that happened in a run, as a hash; and as lines, where somebody wants to read them. */
export interface Trace {
  note(line: string): void;
  /** 64 bits as hex digits. */
  readonly digest: string;
}

/** An empty trace; `onLine` hears every line. */
export function createTrace(onLine?: (line: string) => void): Trace {
  // Two FNV-1a hashes of 32 bits with different starts: cheap, and enough to tell two runs apart.
  let low = 0x811c9dc5;
  let high = 0x9dc5811c;
  return {
    note(line) {
      onLine?.(line);
      for (let i = 0; i < line.length; i += 1) {
        const unit = line.charCodeAt(i);
        low = Math.imul(low ^ unit, 0x01000193);
        high = Math.imul(high ^ unit, 0x01000193) ^ (high >>> 15);
      }
    },
    get digest() {
      return [high, low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
    },
  };
}
