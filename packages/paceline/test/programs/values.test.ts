import { describe, expect, it } from 'vitest';

import {
  parseDurationMs,
  parseOverride,
  repeated,
  wholeNumber,
} from '../../src/programs/values.ts';

describe('durations', () => {
  it('have a unit', () => {
    expect(parseDurationMs('500ms')).toBe(500);
    expect(parseDurationMs('60s')).toBe(60_000);
    expect(parseDurationMs('1.5m')).toBe(90_000);
    expect(parseDurationMs('2h')).toBe(7_200_000);
  });

  it('are refused without one, or with anything else around', () => {
    for (const text of ['60', '', 's', '-1s', '1 s', '1d', '1e3s', ' 1s', '1s2m']) {
      expect(() => parseDurationMs(text)).toThrow('a number with a unit');
    }
  });
});

describe('whole numbers', () => {
  it('start at the least that makes sense', () => {
    expect(wholeNumber(1)('1')).toBe(1);
    expect(wholeNumber(0)('0')).toBe(0);
    for (const text of ['0', '-1', '1.5', '1e3', '0x10', '', 'two', '9007199254740993']) {
      expect(() => wholeNumber(1)(text)).toThrow('whole number >= 1');
    }
  });
});

describe('repeatable flags', () => {
  it('collect their values in order', () => {
    const parse = repeated(wholeNumber(0));
    expect(parse('7', parse('3', undefined))).toEqual([3, 7]);
  });
});

describe('overrides', () => {
  it('are FIELD=VALUE, and the value may hold anything', () => {
    expect(parseOverride('optimizer.learningRate=0.01')).toBe('optimizer.learningRate=0.01');
    expect(parseOverride('data.path=/a=b')).toBe('data.path=/a=b');
    for (const text of ['seed', '=1', '.a=1', 'a b=1']) {
      expect(() => parseOverride(text)).toThrow('FIELD=VALUE');
    }
  });
});
