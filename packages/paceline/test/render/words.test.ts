import { describe, expect, it } from 'vitest';

import {
  formatBytes,
  formatCount,
  formatLoss,
  formatMetrics,
  formatSeconds,
  plural,
} from '../../src/render/words.ts';

describe('numbers for people', () => {
  it('group thousands, whatever the locale', () => {
    expect([0, 999, 1000, 101_770, 1_234_567.4].map(formatCount)).toEqual([
      '0',
      '999',
      '1,000',
      '101,770',
      '1,234,567',
    ]);
  });

  it('show bytes in the unit that suits them', () => {
    const bytes = [0, 999, 1000, 31_400, 999_949, 999_950, 2.55e9, 1e16];
    expect(bytes.map(formatBytes)).toEqual([
      ...['0 B', '999 B', '1.0 kB', '31.4 kB', '999.9 kB', '1.0 MB', '2.5 GB', '10000.0 TB'],
    ]);
  });

  it('show a loss with about four digits', () => {
    expect([0, 0.31416, 2.5, 12.345, 1234.56, 0.00001234, 1e7].map(formatLoss)).toEqual([
      '0.0000',
      '0.3142',
      '2.5000',
      '12.35',
      '1234.6',
      '1.23e-5',
      '1.00e+7',
    ]);
    expect([Number.NaN, Infinity, null].map(formatLoss)).toEqual(Array(3).fill('not finite'));
  });

  it('show fractions as percentages, other metrics as they are', () => {
    expect(formatMetrics({ accuracy: 0.9765, meanAbsoluteError: 0.5 })).toBe(
      'accuracy 97.65 %, meanAbsoluteError 0.5000',
    );
    expect(formatMetrics({})).toBe('');
  });

  it('choose the unit of a time', () => {
    expect([0.04, 9.94, 17.2, 125, 3600, 11_520].map(formatSeconds)).toEqual([
      '0.0 s',
      '9.9 s',
      '17 s',
      '2 min 05 s',
      '1 h 00 min',
      '3 h 12 min',
    ]);
  });

  it('know one from many', () => {
    expect([plural(0, 'worker'), plural(1, 'worker'), plural(1200, 'step')]).toEqual([
      '0 workers',
      '1 worker',
      '1,200 steps',
    ]);
  });
});
