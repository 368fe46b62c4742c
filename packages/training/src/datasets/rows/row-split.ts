/** A split of text files whose rows are examples. */
import { TrainingError } from '../../errors.ts';
import type { Split } from '../dataset.ts';
import { digestOf } from '../digest.ts';
import { leftOut } from '../filter/left-out.ts';
import { closeAll, openAll } from '../files/open-all.ts';
import { openStoredFile } from '../files/open-file.ts';
import { checkIndices } from '../gather.ts';
import { createBadExamples, rowError } from './bad-examples.ts';
import type { BadExamples, OnBadExample } from './bad-examples.ts';
import { createOffsets } from './offsets.ts';
import { readRows } from './row-file.ts';
import type { RowFile } from './row-file.ts';
import type { RowFormat } from './row-format.ts';
import { RowProblem } from './row-problem.ts';
import { scanRows } from './scan-rows.ts';

/** Files of a split. */
export interface RowSources {
  readonly paths: readonly string[];
  readonly format: RowFormat;
  readonly onBadExample: OnBadExample;
}

/**
 * Opens the files, parses every row once and remembers where the good ones begin. The words that the first split has are all. The digest is that of all bytes.
 * @throws {TrainingError} `missing-data`; `bad-data` for a bad row, unless they are skipped, or when no row is good.
 */
export function openRowSplit({ paths, format, onBadExample }: RowSources): Split {
  const counts = { bad: createBadExamples(onBadExample), unwanted: 0 };
  const opened = openAll(paths, (path) => openRowFile(path, format, counts));
  format.closeVocabularies();
  const files = opened.map(({ rows }) => rows);
  const examples = files.reduce((sum, { offsets }) => sum + offsets.length, 0);
  const notices = [...counts.bad.notices(), ...leftOut(counts.unwanted, 'where')];
  if (examples === 0) {
    closeAll(opened);
    const skipped = notices.map((line) => ` (${line})`);
    throw new TrainingError(
      'bad-data',
      `${paths.join(', ')}: there is no example${skipped.join('')}`,
    );
  }
  return {
    examples,
    digest: digestOf(files.map(({ digest }) => digest)),
    notices,
    read(indices) {
      checkIndices(indices, examples);
      const cells = readCells(files, format, indices);
      return { examples: indices.length, ...format.assemble(cells, indices.length) };
    },
    close() {
      closeAll(opened);
    },
  };
}

/** Rows that are no examples. */
interface RowCounts {
  readonly bad: BadExamples;
  unwanted: number;
}

function openRowFile(
  place: string,
  format: RowFormat,
  counts: RowCounts,
): { readonly rows: RowFile; readonly close: () => void } {
  const file = openStoredFile(place);
  const { path } = file;
  try {
    const offsets = createOffsets(file.size);
    let isHeader = format.hasHeader;
    const digest = scanRows(file, format.limits, ({ bytes, offset, line }) => {
      if (isHeader) readHeader(format, bytes, { path, line });
      else {
        const found: { cells?: Float32Array | undefined } = {};
        const read = (): void => {
          found.cells = format.parse(bytes);
        };
        if (!counts.bad.isGood({ path, line }, read)) return;
        if (found.cells === undefined) counts.unwanted += 1;
        else offsets.push(offset);
      }
      isHeader = false;
    });
    return { rows: { file, offsets, digest }, close: file.close };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** A header that does not fit is never skipped: nothing behind it would fit either. */
function readHeader(
  format: RowFormat,
  bytes: Buffer,
  place: { readonly path: string; readonly line: number },
): void {
  try {
    format.readHeader(bytes);
  } catch (error) {
    throw error instanceof RowProblem ? rowError(place, error) : error;
  }
}

/** The cells of the rows at `indices`, in that order; the files are read from front to back. */
function readCells(
  files: readonly RowFile[],
  format: RowFormat,
  indices: Uint32Array,
): Float32Array {
  const sorted = Uint32Array.from(indices.keys()).sort(
    (a, b) => (indices[a] ?? 0) - (indices[b] ?? 0),
  );
  let cells = new Float32Array();
  let first = 0;
  let next = 0;
  for (const file of files) {
    const end = first + file.offsets.length;
    const from = next;
    while (next < sorted.length && (indices[sorted[next] ?? 0] ?? 0) < end) next += 1;
    const places = sorted.subarray(from, next);
    const rows = Array.from(places, (place) => (indices[place] ?? 0) - first);
    readRows(file, format.limits, rows, (bytes, at) => {
      const row = parseAgain(format, bytes, file.file.path);
      if (cells.length === 0) cells = new Float32Array(indices.length * row.length);
      cells.set(row, (places[at] ?? 0) * row.length);
    });
    first = end;
  }
  return cells;
}

function parseAgain(format: RowFormat, bytes: Buffer, path: string): Float32Array {
  let cause: unknown;
  try {
    const cells = format.parse(bytes);
    if (cells !== undefined) return cells;
  } catch (error) {
    cause = error;
  }
  const words = `${path} has changed since it was opened`;
  throw new TrainingError('bad-data', words, { data: { path }, cause });
}
