import { describe, expect, it } from 'vitest';

import { createLayout } from '../src/layout.ts';

const specs = [
  { name: 'running mean', shape: [4], section: 'state' },
  { name: 'kernel', shape: [3, 4], section: 'trainable' },
  { name: 'counts', shape: [2], section: 'scalars' },
  { name: 'embedding', shape: [5, 2], section: 'frozen' },
  { name: 'bias', shape: [4], section: 'trainable' },
  { name: 'temperature', shape: [], section: 'trainable' },
] as const;

describe('createLayout', () => {
  it('places tensors section by section, and in the given order within one', () => {
    const layout = createLayout(specs);
    expect(layout.tensors.map(({ name, offset, size }) => [name, offset, size])).toEqual([
      ['counts', 0, 2],
      ['kernel', 2, 12],
      ['bias', 14, 4],
      ['temperature', 18, 1],
      ['running mean', 19, 4],
      ['embedding', 23, 10],
    ]);
    expect(layout.sections).toEqual({
      scalars: { offset: 0, length: 2 },
      trainable: { offset: 2, length: 17 },
      state: { offset: 19, length: 4 },
      frozen: { offset: 23, length: 10 },
    });
    expect(layout.length).toBe(33);
  });

  it('keeps the shape it was given when the caller changes his array', () => {
    const shape = [2, 3];
    const layout = createLayout([{ name: 'w', shape, section: 'trainable' }]);
    shape[0] = 7;
    expect(layout.tensors[0]).toMatchObject({ shape: [2, 3], size: 6 });
  });

  it('accepts a tensor without elements, and no tensors at all', () => {
    expect(createLayout([{ name: 'w', shape: [3, 0], section: 'trainable' }]).length).toBe(0);
    expect(createLayout([]).sections.frozen).toEqual({ offset: 0, length: 0 });
  });

  it.each([[[-1]], [[1.5]], [[NaN]], [[2 ** 40, 2 ** 40]]])('refuses the shape %j', (shape) => {
    expect(() => createLayout([{ name: 'w', shape, section: 'trainable' }])).toThrow(
      expect.objectContaining({
        code: 'bad-layout',
        data: { name: 'w', shape: shape.map(String) },
      }),
    );
  });

  it('refuses two tensors of one name', () => {
    const twice = [specs[0], { ...specs[1], name: 'running mean' }];
    expect(() => createLayout(twice)).toThrow('two tensors have the name "running mean"');
  });

  it('refuses a section that it does not know', () => {
    const spec = { name: 'w', shape: [1], section: 'other' as 'state' };
    expect(() => createLayout([spec])).toThrow('unknown section');
  });
});
