import { describe, expect, it } from 'vitest';
import { isDataOnly, jobHash, parseJob } from '@paceline/protocol';

const job = (changes: object): ReturnType<typeof parseJob> => {
  const columns = { x: ['a'], y: ['b'] };
  const data = { type: 'parquet', train: 'a', columns, ...changes };
  return parseJob({ model: () => undefined, loss: 'mse', data });
};

describe('which rows there are', () => {
  it('is said by values or conditions, and part of the hash of a job', () => {
    const where = { part: 'x', age: { min: 0, max: 9 }, kind: { in: [1, 'b'], not: [true] } };
    expect(job({ where }).settings.data).toMatchObject({ where });
    expect(jobHash(job({ where }).settings)).not.toBe(jobHash(job({}).settings));
  });

  it.each([
    [{ where: { a: {} } }, 'data.where.a: must have equals, in, not, min or max, got {}'],
    [{ where: { a: null } }, 'data.where.a: must be a value, or { equals, in, not, min, max }'],
    [{ where: { a: { least: 3 } } }, 'data.where.a.least: unknown field'],
    [{ where: { a: { min: true } } }, 'data.where.a'],
    [{ where: 'a > 3' }, 'data.where: must be an object'],
    [{ filter: 'a > 3' }, 'data.filter: must be a function of an example, got "a > 3"'],
  ])('with %o is refused', (changes, message) => {
    expect(() => job(changes)).toThrow(message);
  });

  it('may be said by a function, which stays with the data', () => {
    const filter = (): boolean => true;
    const { settings, functions } = job({ filter });
    expect(settings.data).toMatchObject({ filter: { $local: 'function' } });
    expect(functions.data).toMatchObject({ filter });
    expect(isDataOnly(settings)).toBe(false);
  });
});
