import { createMemoryStorage, createSampleImage } from '@paceline/server/testing';
import { createManualClock } from '@paceline/telemetry/testing';
import { describe, expect, test } from 'vitest';

const open = (takesMs?: number) => {
  const clock = createManualClock();
  return {
    clock,
    storage: createMemoryStorage({ clock, ...(takesMs === undefined ? {} : { takesMs }) }),
  };
};

describe('checkpoints in memory', () => {
  test('are read as they were written, over the servers that open and close them', async () => {
    const { storage } = open();
    const image = createSampleImage({ step: 4 });
    const copy = structuredClone(image);
    await storage.write(image);
    await storage.close();
    expect(image.parameters.byteLength).toBe(0);
    expect(await storage.open()).toEqual({
      term: 1,
      newest: { ...copy, path: 'memory/step-4' },
      notices: [],
    });
    expect((await storage.open()).term).toBe(2);
  });

  test('are kept as on disk: the newest three', async () => {
    const { storage } = open();
    for (let step = 1; step <= 5; step++) await storage.write(createSampleImage({ step }));
    expect(storage.steps).toEqual([3, 4, 5]);
  });

  test('fail, tear and rot on demand, and the one before is used', async () => {
    const { storage } = open();
    await storage.write(createSampleImage({ step: 1 }));
    storage.failNextWrites(1);
    await expect(storage.write(createSampleImage({ step: 2 }))).rejects.toThrow('disk is full');
    await storage.write(createSampleImage({ step: 2 }));
    storage.tearNext();
    await storage.write(createSampleImage({ step: 3 }));
    expect(storage.steps).toEqual([1, 2]);
    const { newest, notices } = await storage.open();
    expect([newest?.facts.step, notices]).toEqual([2, ['step-3 is damaged; moved aside']]);
    storage.damageNewest();
    expect((await storage.open()).newest?.facts.step).toBe(1);
  });

  test('take their time on the clock', async () => {
    const { clock, storage } = open(30);
    const written = storage.write(createSampleImage({ step: 1 }));
    await clock.advance(29);
    expect(storage.steps).toEqual([]);
    await clock.advance(1);
    expect((await written).tookMs).toBe(30);
  });
});
