import type { Clock } from '@paceline/telemetry';
import { stepName } from '../checkpoint/folder-names.ts';
import { giveAway } from '../checkpoint/give-away.ts';
import type { Retention } from '../checkpoint/retention.ts';
import { stepsToDelete } from '../checkpoint/retention.ts';
import type { CheckpointImage, CheckpointStorage, OpenedStorage } from '../checkpoint/storage.ts';
import { ServerError } from '../errors.ts';

/** Checkpoints in memory, and the faults of a disk on demand. It outlives the servers that open and close it. */
export interface MemoryStorage extends CheckpointStorage {
  /** The next `count` writes reject as those on a full disk do. */
  failNextWrites(count: number): void;
  /** The newest checkpoint is found damaged when the storage is opened; does nothing where there is none. */
  damageNewest(): void;
  /** The next write seems to succeed, but what is on disk is half of it: a power cut behind a disk that lied. */
  tearNext(): void;
  /** Steps whose checkpoints are there and whole, in order. */
  readonly steps: readonly number[];
}

interface Kept {
  readonly image: CheckpointImage;
  isDamaged: boolean;
}

/** Creates an empty one. A write takes `takesMs` on the clock, none by default; by default 3 checkpoints stay. */
export function createMemoryStorage(
  o: Partial<Retention> & { readonly clock: Clock; readonly takesMs?: number },
): MemoryStorage {
  const shelf = createShelf({ ...o, keep: o.keep ?? 3 });
  let [term, failing, isTearing] = [0, 0, false];
  return {
    open: () => Promise.resolve({ term: ++term, ...shelf.find() }),
    async write(given) {
      const startMs = o.clock.now();
      // Detaches what it is given, as a disk's thread does: whoever goes on using it is found out.
      const { image, transfer } = giveAway(given);
      const own = structuredClone(image, { transfer: [...transfer] });
      if (o.takesMs !== undefined) await pass(o.clock, o.takesMs);
      const path = pathOf(own);
      if (failing > 0) {
        failing -= 1;
        throw new ServerError('checkpoint-failed', `${path}: the disk is full`);
      }
      shelf.put(own, isTearing);
      isTearing = false;
      return { path, bytes: bytesOf(own), tookMs: o.clock.now() - startMs };
    },
    close: () => Promise.resolve(),
    failNextWrites: (count) => {
      failing = count;
    },
    damageNewest: shelf.damageNewest,
    tearNext: () => {
      isTearing = true;
    },
    get steps() {
      return shelf.wholeSteps();
    },
  };
}

/** What is on the disk. */
interface Shelf {
  find(): Omit<OpenedStorage, 'term'>;
  put(image: CheckpointImage, isDamaged: boolean): void;
  readonly damageNewest: () => void;
  wholeSteps(): readonly number[];
}

function createShelf(retention: Retention): Shelf {
  const kept = new Map<number, Kept>();
  const newest = (): Kept | undefined => kept.get(Math.max(...kept.keys()));
  const wholeSteps = (): readonly number[] =>
    [...kept].flatMap(([step, { isDamaged }]) => (isDamaged ? [] : [step])).sort((a, b) => a - b);
  return {
    wholeSteps,
    find() {
      const damaged = [...kept].flatMap(([step, { isDamaged }]) => (isDamaged ? [step] : []));
      for (const step of damaged) kept.delete(step);
      const notices = damaged.map((step) => `${stepName(step)} is damaged; moved aside`);
      const image = newest()?.image;
      if (image === undefined) return { newest: undefined, notices };
      return { newest: { ...structuredClone(image), path: pathOf(image) }, notices };
    },
    put(image, isDamaged) {
      const { step } = image.facts;
      if (kept.get(step)?.isDamaged !== false) kept.set(step, { image, isDamaged });
      for (const old of stepsToDelete(wholeSteps(), step, retention)) kept.delete(old);
    },
    damageNewest() {
      const last = newest();
      if (last !== undefined) last.isDamaged = true;
    },
  };
}

function pathOf({ facts }: CheckpointImage): string {
  return `memory/${stepName(facts.step)}`;
}

function pass(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.setTimer(ms, resolve));
}

function bytesOf({ parameters, slots }: CheckpointImage): number {
  return [parameters, ...Object.values(slots)].reduce((sum, { byteLength }) => sum + byteLength, 0);
}
