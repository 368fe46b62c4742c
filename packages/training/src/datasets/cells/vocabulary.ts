/** The words of a column, and the class number of each. */
import { RowProblem, shown } from '../rows/row-problem.ts';

/** Words that are given, or found while the training files are read. */
export interface Vocabulary {
  /** How many words there are; final once it is closed. */
  readonly size: number;
  /** Whether words are still found: their numbers are not final. */
  readonly isOpen: boolean;
  /** The number of a word. @throws {RowProblem} for a word that a closed vocabulary does not have. */
  codeOf(word: string): number;
  /** Ends the finding: words that were found are sorted and numbered. */
  close(): void;
}

/** More different words than this are not classes. */
const mostFound = 2 ** 20;

/** With a list, words have its order; with `found`, that of numbers if all are numbers, or else of their code units. */
function createVocabulary(words: 'found' | readonly string[]): Vocabulary {
  const codes = new Map<string, number>(words === 'found' ? [] : words.map((word, i) => [word, i]));
  let isOpen = words === 'found';
  return {
    get size() {
      return codes.size;
    },
    get isOpen() {
      return isOpen;
    },
    codeOf(word) {
      const known = codes.get(word);
      if (known !== undefined) return known;
      if (!isOpen) throw new RowProblem(`must be one of ${listed(codes)}, got ${shown(word)}`);
      if (codes.size === mostFound)
        throw new RowProblem(`more than ${String(mostFound)} different words`);
      codes.set(word, codes.size);
      return codes.size - 1;
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      const sorted = sortWords([...codes.keys()]);
      for (const [code, word] of sorted.entries()) codes.set(word, code);
    },
  };
}

/** The vocabularies of columns by their names. */
export function createVocabularies(
  categories: Readonly<Record<string, 'found' | readonly string[]>>,
): ReadonlyMap<string, Vocabulary> {
  return new Map(
    Object.entries(categories).map(([name, words]) => [name, createVocabulary(words)]),
  );
}

/** The number of the word at `place`. @throws {RowProblem} naming the place. */
export function codeAt(place: string, word: string, vocabulary: Vocabulary): number {
  if (word === '') throw new RowProblem('must be a word, it is empty', place);
  try {
    return vocabulary.codeOf(word);
  } catch (error) {
    throw error instanceof RowProblem ? new RowProblem(error.message, place) : error;
  }
}

/** Sorted as numbers where all of them are: 2 before 10. */
function sortWords(words: readonly string[]): readonly string[] {
  const areNumbers = words.every((word) => word.trim() !== '' && Number.isFinite(Number(word)));
  const byUnits = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
  return [...words].sort((a, b) =>
    areNumbers ? Number(a) - Number(b) || byUnits(a, b) : byUnits(a, b),
  );
}

function listed(codes: ReadonlyMap<string, number>): string {
  const words = [...codes.keys()].map(shown);
  const more = words.length > 8 ? `, ... (${String(words.length)} words)` : '';
  return `${words.slice(0, 8).join(', ')}${more}`;
}
