import { expect, test } from 'vitest';
import { createProgressDisplay, formatProgress } from '../src/progress.ts';

function record(isTTY: boolean) {
  const written: string[] = [];
  return { written, stream: { isTTY, write: (text: string) => written.push(text) } };
}
const download = (doneBytes: number) =>
  ({ step: 'download', doneBytes, totalBytes: 274e6 }) as const;

test('a line has a bar, the percent and the bytes', () => {
  expect(formatProgress(download(137e6))).toBe(
    'Downloading TensorFlow [############------------] 50 % (137 of 274 MB)',
  );
  expect(formatProgress({ step: 'build' })).toBe('Building the addon');
});

test('off a terminal there is a line at the start and at every quarter', () => {
  const { written, stream } = record(false);
  const display = createProgressDisplay(stream);
  for (let percent = 0; percent <= 100; percent += 1) display.show(download(2.74e6 * percent));
  display.clear();
  expect(written.map((line) => /(\d+) %/u.exec(line)?.[1])).toEqual(['0', '25', '50', '75', '100']);
});

test('on a terminal there is one line, rewritten when it changes and taken away at the end', () => {
  const { written, stream } = record(true);
  const display = createProgressDisplay(stream);
  display.show(download(0));
  display.show(download(0));
  display.show(download(274e6));
  display.clear();
  display.clear();
  expect(written).toHaveLength(3);
  expect(written.join('')).not.toContain('\n');
  expect(written.at(-1)).toBe('\r\u001B[2K');
});
