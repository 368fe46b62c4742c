import { measure } from 'mitata';
import type { Contest, Figure, Subject } from './subject.ts';

/** mitata runs what is short many times at once, and each subject for so long at least, in nanoseconds. */
const options = { min_cpu_time: 60e6, min_samples: 12 };
const rounds = 5;

/**
 * Measures contests one after the other and prints a table of each, or with `--json` one array of all figures. What counts is
 * the share of the limit, measured in the same minute: machines differ, and so does one machine from hour to hour.
 */
export async function compare(title: string, contests: Iterable<Contest>): Promise<void> {
  const isJson = process.argv.includes('--json');
  const all: Figure[] = [];
  for (const contest of contests) {
    const figures = await measureContest(contest);
    all.push(...figures);
    if (!isJson) print(`${title}, ${contest.name}`, figures);
  }
  if (isJson) process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
}

async function measureContest({ name, subjects, dispose }: Contest): Promise<readonly Figure[]> {
  try {
    const medians = await measureInTurns(subjects);
    const speeds = subjects.map(({ bytes }, i) => bytes / (medians[i] ?? NaN));
    return subjects.map((subject, i) => ({
      contest: name,
      subject: subject.name,
      micros: (medians[i] ?? NaN) / 1000,
      gigabytesPerSecond: speeds[i] ?? NaN,
      shareOfLimit: (speeds[i] ?? NaN) / (speeds[0] ?? NaN),
    }));
  } finally {
    await dispose?.();
  }
}

/** The best of some medians of each, in nanoseconds: what else the machine does only makes it slower, and never for long. */
async function measureInTurns(subjects: readonly Subject[]): Promise<readonly number[]> {
  const best = subjects.map(() => Infinity);
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, { run }] of subjects.entries()) {
      const { p50 } = await measure(run, options);
      best[i] = Math.min(best[i] ?? Infinity, p50);
    }
  }
  return best;
}

function print(title: string, figures: readonly Figure[]): void {
  const cells = figures.map(({ subject, micros, gigabytesPerSecond, shareOfLimit }) =>
    row(subject, [micros.toFixed(2), gigabytesPerSecond.toFixed(2), shareOfLimit.toFixed(3)]),
  );
  const head = row(title, ['us', 'GB/s', 'of limit']);
  process.stdout.write(`${[head, ...cells].join('\n')}\n\n`);
}

function row(name: string, cells: readonly string[]): string {
  return `${name.padEnd(58)}${cells.map((cell) => cell.padStart(12)).join('')}`;
}
