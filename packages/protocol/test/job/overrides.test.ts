import { parseJob } from '@paceline/protocol';
import { describe, expect, it } from 'vitest';

import { linesOf, plain } from '../support/jobs.ts';

describe('an override', () => {
  it('changes the settings and not what was declared', () => {
    const { declared, settings } = parseJob(plain, {
      set: ['optimizer.learningRate=0.5', 'batchSize=64', 'name=run-7', 'until={"steps":10}'],
    });
    expect(declared).toMatchObject({ batchSize: 256, until: { epochs: 1 } });
    expect(settings).toMatchObject({
      name: 'run-7',
      batchSize: 64,
      microbatches: 2,
      until: { steps: 10 },
      optimizer: { type: 'sgd', learningRate: 0.5 },
    });
  });

  it('replaces a function, which then is not needed any more', () => {
    const { settings, functions } = parseJob({ ...plain, loss: () => 0 }, { set: ['loss=huber'] });
    expect(settings.loss).toBe('huber');
    expect(functions.loss).toBeUndefined();
  });

  it('reaches into lists', () => {
    const job = parseJob({ ...plain, metrics: ['accuracy'] }, { set: ['metrics.0=mae'] });
    expect(job.settings.metrics).toEqual(['meanAbsoluteError']);
  });

  it.each([
    [
      'optimizer.learningrate=1',
      'optimizer.learningrate: unknown field; did you mean optimizer.learningRate?',
    ],
    ['batchSize=many', 'batchSize: must be a whole number >= 1, got "many"'],
    ['batchsize=1', 'batchsize: unknown field; did you mean batchSize?'],
    ['data.noise=1', 'data.noise: does not belong to this type'],
    [
      'metrics.5=mae',
      'metrics: must be a list, or for each output by its name one or a list, got {"5":"mae"}',
    ],
    ['__proto__.x=1', '__proto__.x: unknown field'],
    ['batchSize', 'an override is path=value, for example batchSize=64; got "batchSize"'],
  ])('that is wrong says so: %s', (override, line) => {
    expect(linesOf(plain, [override])).toEqual([line]);
  });

  it('never touches the prototype of anything', () => {
    linesOf(plain, ['__proto__.polluted=1', 'constructor.prototype.polluted=1']);
    expect('polluted' in {}).toBe(false);
  });
});
