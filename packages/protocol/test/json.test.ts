import { canonicalJson, firstDifference } from '@paceline/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('canonical JSON', () => {
  it('sorts keys, drops absent fields and has no spaces', () => {
    const value = { b: [1, { z: null, a: 'é"' }], a: -0, c: undefined, A: 1e21 };
    expect(canonicalJson(value)).toBe('{"A":1e+21,"a":0,"b":[1,{"a":"é\\"","z":null}]}');
  });

  it('says the same as JSON, whatever the order of the keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        const parsed: unknown = JSON.parse(text);
        expect(JSON.stringify(parsed)).toHaveLength(text.length);
        expect(canonicalJson(parsed)).toBe(text);
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });

  it.each([NaN, Infinity, () => 1, 1n, new Map(), undefined])('has no text for %s', (value) => {
    expect(() => canonicalJson({ value: [value] })).toThrow(TypeError);
  });
});

describe('the first difference', () => {
  it('is named by its path, with both values', () => {
    const left = { a: 1, layers: [{ units: 10 }, { units: 20, bias: true }] };
    const right = { a: 1, layers: [{ units: 10 }, { units: 21, bias: false }] };
    expect(firstDifference(left, right)).toEqual({ path: 'layers.1.units', left: 20, right: 21 });
  });

  it.each([
    [{ a: 1 }, {}, { path: 'a', left: 1, right: undefined }],
    [{}, { b: null }, { path: 'b', left: undefined, right: null }],
    [[1, 2], [1], { path: '1', left: 2, right: undefined }],
    [[], {}, { path: '', left: [], right: {} }],
    [1, '1', { path: '', left: 1, right: '1' }],
    [{ a: [] }, { a: null }, { path: 'a', left: [], right: null }],
  ])('of %j and %j is %j', (left, right, difference) => {
    expect(firstDifference(left, right)).toEqual(difference);
  });

  it('is not there between equal values, in whatever order of fields', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(firstDifference(value, reversed(structuredClone(value)))).toBeUndefined();
      }),
    );
    expect(firstDifference({ a: undefined }, {})).toBeUndefined();
  });

  it('is there exactly when canonical JSON differs', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        const isSame = canonicalJson(left) === canonicalJson(right);
        expect(firstDifference(left, right) === undefined).toBe(isSame);
      }),
    );
  });
});

/** The same value with the fields of all objects in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, each]) => [key, reversed(each)]));
}
