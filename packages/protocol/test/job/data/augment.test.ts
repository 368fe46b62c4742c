import { describe, expect, it } from 'vitest';
import { isDataOnly, jobHash, parseJob } from '@paceline/protocol';

const job = (data: object): unknown => ({ model: () => undefined, loss: 'mse', data });
const mnist = (augment: unknown): ReturnType<typeof parseJob> =>
  parseJob(job({ type: 'mnist', augment }));

describe('how examples are changed', () => {
  it('is part of the settings, with its defaults, and of the hash of a job', () => {
    const { settings } = mnist({ crop: { padding: 4 }, flip: 'horizontal' });
    const augment = { crop: { padding: 4, fill: 'zero' }, flip: 'horizontal' };
    expect(settings.data).toEqual({ type: 'mnist', flatten: false, augment });
    expect(jobHash(settings)).not.toBe(jobHash(mnist({ crop: { padding: 3 } }).settings));
    expect(jobHash(settings)).not.toBe(jobHash(parseJob(job({ type: 'mnist' })).settings));
  });

  it('is a marker where it is a function, which stays with the data', () => {
    const change = (): undefined => undefined;
    const { settings, functions } = mnist(change);
    expect(settings.data).toMatchObject({ augment: { $local: 'function' } });
    expect(functions.data).toEqual({ type: 'mnist', augment: change });
    expect(isDataOnly(settings)).toBe(false);
  });

  it('goes with data of functions, plain or not', () => {
    const read = (): object => ({});
    const train = { examples: 1, read };
    const plain = parseJob(job({ type: 'function', train, augment: { cutout: 8 } }));
    expect(plain.settings.data).toEqual({ type: 'function', augment: { cutout: 8 } });
    const own = parseJob(job({ type: 'function', train, augment: read }));
    expect(own.settings.data).toEqual({ type: 'function', augment: { $local: 'function' } });
  });

  it.each([
    [{ crop: 4 }, 'data.augment.crop: must be an object, got 4'],
    [{ crop: { padding: 0 } }, 'data.augment.crop.padding: must be a whole number from 1'],
    [{ crop: { padding: 1, fill: 'white' } }, 'data.augment.crop.fill: must be one of zero, edge'],
    [{ flip: 'diagonal' }, 'data.augment.flip: must be one of horizontal, vertical, both'],
    [{ brightness: 0 }, 'data.augment.brightness: must be a number above 0, got 0'],
    [{ contrast: 1.5 }, 'data.augment.contrast: must be a number above 0 and at most 1, got 1.5'],
    [{ cutout: 0.5 }, 'data.augment.cutout: must be a whole number'],
    [{ rotate: 10 }, 'data.augment.rotate: unknown field'],
    ['flip', 'data.augment: must be an object, got "flip"'],
  ])('with %o is refused', (augment, message) => {
    expect(() => mnist(augment)).toThrow(message);
  });
});
