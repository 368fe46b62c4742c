import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is passed on in pieces: a child that never ends its line cannot fill our memory. */
const longestLineChars = 1 << 20;

/** Cuts a byte stream into lines of text. */
export interface LineSplitter {
  /** Takes the next bytes; may call the handler any number of times. */
  write(chunk: Uint8Array): void;
  /** Hands over what is left when the stream ended without a line end. */
  end(): void;
}

/**
 * Creates a splitter that calls `onLine` once for each line, without its line end (`\n` or `\r\n`).
 * Characters of several bytes may be cut anywhere between two chunks. Empty lines are dropped.
 */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let rest = '';

  const pass = (line: string): void => {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (text !== '') onLine(text);
  };

  const take = (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) pass(line);
    if (rest.length > longestLineChars) {
      pass(rest);
      rest = '';
    }
  };

  return {
    write: (chunk) => {
      take(decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)));
    },
    end: () => {
      take(decoder.end());
      pass(rest);
      rest = '';
    },
  };
}
