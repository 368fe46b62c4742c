import { describe, expect, it } from 'vitest';

import { checkWorkerCounts } from '../src/worker-counts.ts';
import type { WorkerCounts } from '../src/worker-counts.ts';

function check(counts: WorkerCounts, isOpen = false): () => void {
  return () => {
    checkWorkerCounts(counts, isOpen);
  };
}

describe('numbers of workers', () => {
  it('may leave room: training begins with some, and more may come', () => {
    expect(check({ workers: 2 })).not.toThrow();
    expect(check({ workers: 2, minWorkers: 1, maxWorkers: 4 })).not.toThrow();
  });

  it('must let training begin', () => {
    expect(check({ workers: 2, minWorkers: 3 })).toThrow('training would never begin');
    expect(check({ workers: 2, minWorkers: 3 }, true)).not.toThrow();
  });

  it('must not refuse the workers that are started', () => {
    expect(check({ workers: 2, maxWorkers: 1 })).toThrow(
      '--max-workers 1 is less than --workers 2',
    );
    expect(check({ workers: 2, minWorkers: 4, maxWorkers: 3 }, true)).toThrow(
      '--min-workers 4 is more than --max-workers 3',
    );
  });
});
