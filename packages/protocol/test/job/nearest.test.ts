import { describe, expect, it } from 'vitest';

import { nearestPath, nearestWord } from '../../src/job/nearest.ts';

describe('the nearest name', () => {
  it('is found in spite of case and typing errors, but not at any distance', () => {
    const names = ['learningRate', 'momentum', 'nesterov'];
    expect(nearestWord('LEARNINGRATE', names)).toBe('learningRate');
    expect(nearestWord('momentun', names)).toBe('momentum');
    expect(nearestWord('beta1', names)).toBeUndefined();
  });

  it('of a path is a sibling first, else the same name elsewhere', () => {
    const paths = ['batchSize', 'evaluation', 'evaluation.batchSize', 'optimizer.momentum'];
    expect(nearestPath('evaluation.batchsize', paths)).toBe('evaluation.batchSize');
    expect(nearestPath('batchsize', paths)).toBe('batchSize');
    expect(nearestPath('momentum', paths)).toBe('optimizer.momentum');
    expect(nearestPath('until.momentum', paths)).toBe('optimizer.momentum');
    expect(nearestPath('colour', paths)).toBeUndefined();
  });
});
