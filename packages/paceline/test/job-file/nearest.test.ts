import { describe, expect, it } from 'vitest';

import { nearest } from '../../src/job-file/nearest.ts';

const words = ['linear-regression', 'mnist-mlp', 'mnist-cnn'];

describe('the nearest word', () => {
  it('forgives letters that are missing, wrong, too many or swapped', () => {
    expect(nearest('mnist-mpl', words)).toBe('mnist-mlp');
    expect(nearest('MNIST-CNN', words)).toBe('mnist-cnn');
    expect(nearest('mnistcnn', words)).toBe('mnist-cnn');
    expect(nearest('linear-regresion', words)).toBe('linear-regression');
  });

  it('does not guess when nothing is near', () => {
    expect(nearest('resnet50', words)).toBeUndefined();
    expect(nearest('x', [])).toBeUndefined();
  });
});
