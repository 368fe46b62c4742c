/** How far a step is. `doneBytes` and `totalBytes` only while something of known size is fetched. */
export interface Progress {
  readonly step: 'download' | 'build';
  readonly doneBytes?: number;
  readonly totalBytes?: number;
}

/** A stream to write progress to: stderr, or a stand-in. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows progress as one live line on a terminal, else as a line now and then. */
export interface ProgressDisplay {
  show(progress: Progress): void;
  /** Takes the live line away, so that other lines can be written. */
  clear(): void;
}

const titles: Readonly<Record<Progress['step'], string>> = {
  download: 'Downloading TensorFlow',
  build: 'Building the addon',
};
const barCells = 24;
/** Off a terminal: one line per so much of the whole. */
const lineEvery = 0.25;
const erase = '\r\u001B[2K';

/** Creates the display for this stream. */
export function createProgressDisplay(stream: ProgressStream): ProgressDisplay {
  return stream.isTTY === true ? createLiveLine(stream) : createSparseLines(stream);
}

/** A line like `Downloading TensorFlow [######----] 42 % (115 of 274 MB)`. */
export function formatProgress(progress: Progress): string {
  const { doneBytes, totalBytes } = progress;
  if (doneBytes === undefined || totalBytes === undefined || totalBytes <= 0) {
    return titles[progress.step];
  }
  const share = shareOf(progress);
  const full = Math.round(share * barCells);
  const bar = '#'.repeat(full) + '-'.repeat(barCells - full);
  const percent = String(Math.floor(share * 100));
  return `${titles[progress.step]} [${bar}] ${percent} % (${megabytes(doneBytes)} of ${megabytes(totalBytes)} MB)`;
}

function createLiveLine(stream: ProgressStream): ProgressDisplay {
  let shown = '';
  return {
    show(progress) {
      const line = `  ${formatProgress(progress)}`;
      if (line !== shown) {
        stream.write(`${erase}${line}`);
        shown = line;
      }
    },
    clear() {
      if (shown !== '') {
        stream.write(erase);
        shown = '';
      }
    },
  };
}

function createSparseLines(stream: ProgressStream): ProgressDisplay {
  let step: Progress['step'] | undefined;
  let next = 0;
  return {
    show(progress) {
      if (progress.step !== step) {
        step = progress.step;
        next = 0;
      }
      const share = shareOf(progress);
      if (share >= next) {
        stream.write(`  ${formatProgress(progress)}\n`);
        next = (Math.floor(share / lineEvery) + 1) * lineEvery;
      }
    },
    clear() {
      // Nothing stays behind a whole line.
    },
  };
}

function shareOf({ doneBytes = 0, totalBytes = 0 }: Progress): number {
  return totalBytes <= 0 ? 0 : Math.min(1, doneBytes / totalBytes);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
