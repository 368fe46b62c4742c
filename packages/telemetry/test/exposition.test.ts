import { expect, test } from 'vitest';

import type { Metric } from '@paceline/telemetry';
import { createExposition } from '@paceline/telemetry';

interface Facts {
  readonly seconds: number;
}

const age: Metric<Facts> = {
  kind: 'gauge',
  name: 'milk_age_seconds',
  help: 'How old the milk is.',
  labels: [],
  read: ({ seconds }) => [{ value: seconds }],
};
const drunk: Metric<Facts> = {
  kind: 'counter',
  name: 'milk_drunk_total',
  help: 'Glasses, by who drank.',
  labels: ['who'],
  read: () => [
    { value: 2, labels: { who: 'a "cat"\\\n' } },
    { value: 0, labels: { who: 'dog' } },
  ],
};
const spilt: Metric<Facts> = { ...age, name: 'milk_spilt_litres', read: () => [] };

/** Up to what the process says of itself. */
const ours = (text: string): string => text.slice(0, text.indexOf('# HELP process_'));

test('the text is that of the format, with labels escaped, and nothing of what has no number', async () => {
  const expose = createExposition([age, spilt, drunk], () => ({ seconds: 1.5 }));
  expect(ours(await expose())).toBe(
    [
      '# HELP milk_age_seconds How old the milk is.',
      '# TYPE milk_age_seconds gauge',
      'milk_age_seconds 1.5',
      '',
      '# HELP milk_drunk_total Glasses, by who drank.',
      '# TYPE milk_drunk_total counter',
      'milk_drunk_total{who="a \\"cat\\"\\\\\\n"} 2',
      'milk_drunk_total{who="dog"} 0',
      '',
      '',
    ].join('\n'),
  );
});

test('every call reads anew, counters too: nothing adds up in between', async () => {
  let seconds = 0;
  const count: Metric<Facts> = { ...age, kind: 'counter', name: 'milk_total' };
  const expose = createExposition([count], () => ({ seconds: (seconds += 1) }));
  expect(await expose()).toContain('\nmilk_total 1\n');
  expect(await expose()).toContain('\nmilk_total 2\n');
});

test('a loss that is not a number is said as one', async () => {
  const expose = createExposition([age], () => ({ seconds: NaN }));
  expect(await expose()).toMatch(/\nmilk_age_seconds NaN\n/i);
});

test('a process tells of its memory, its processor time and its event loop', async () => {
  const text = await createExposition([], () => undefined)();
  expect(text).toMatch(/\nprocess_resident_memory_bytes \d{7,}\n/);
  expect(text).toMatch(/\nprocess_cpu_seconds_total [\d.]+\n/);
  expect(text).toMatch(/\nnodejs_eventloop_lag_seconds [\d.e-]+\n/);
});
