import { createMemoryLogger } from '@paceline/telemetry/testing';
import { expect, it } from 'vitest';

it('a memory logger remembers levels, fields and messages, those of its children too', () => {
  const logger = createMemoryLogger();
  logger.info({ step: 1 }, 'one');
  const child = logger.child({ worker: 'w1' }).child({ bucket: 2 });
  child.warn({ step: 2, bucket: 3 }, 'two');
  expect(logger.entries).toEqual([
    { level: 'info', fields: { step: 1 }, message: 'one' },
    { level: 'warn', fields: { worker: 'w1', bucket: 3, step: 2 }, message: 'two' },
  ]);
});
