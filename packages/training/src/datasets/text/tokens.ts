/** Text as numbers. */
import type { StoredFile } from '../files/stored-file.ts';
import { digestOfStoredFile } from '../file-digest.ts';

/** The tokens of a file. */
export interface Tokens {
  readonly count: number;
  /** SHA-256 (hex) of what identifies the file. */
  readonly digest: string;
  /** Fills `into` with the tokens from `position` on. */
  read(into: Float32Array, position: number): void;
}

/** What tokens are. */
export interface Tokenizer {
  /** Tokens are numbers below this. */
  readonly size: number;
  /** The tokens of a file, which stays open. @throws {TrainingError} `bad-data` for what is no text. */
  open(file: StoredFile): Tokens;
}

/** Every byte is a token: the file stays where it is. */
export const bytes: Tokenizer = {
  size: 256,
  open(file) {
    return {
      count: file.size,
      digest: digestOfStoredFile(file),
      read(into, position) {
        const piece = new Uint8Array(into.length);
        file.readAt(piece, position);
        into.set(piece);
      },
    };
  },
};
