import { createArena } from '../../src/arena.ts';
import { isParameterBucket, planBuckets } from '../../src/buckets.ts';
import { createLayout } from '../../src/layout.ts';
import type { ParameterLayout, TensorSpec } from '../../src/layout.ts';
import type { Optimizer } from '../../src/optimizer/optimizer.ts';
import { createOptimizer } from '../../src/optimizer/registry.ts';
import type { OptimizerSettings } from '../../src/optimizer/registry.ts';
import { partsOf } from '../../src/tensor-parts.ts';

/** A run of an optimizer over a vector that is cut into buckets, as a server has it. */
export interface OptimizerRun {
  readonly layout: ParameterLayout;
  readonly optimizer: Optimizer;
  /** One update with the sum of gradients; the parameters after it, all of them in one. */
  step(sums: ArrayLike<number>, o?: { scale?: number; learningRate?: number }): Float32Array;
  /** Slots by name, and what is kept by tensor. */
  state(): Readonly<Record<string, readonly number[]>>;
  restore(
    parameters: ArrayLike<number>,
    state: Readonly<Record<string, readonly number[]>>,
    updates: number,
  ): void;
}

const arena = createArena({ maximumBytes: 2 ** 26 });

/** Tensors by their shapes, all trainable. */
export function tensorsOf(shapes: Readonly<Record<string, readonly number[]>>): TensorSpec[] {
  return Object.entries(shapes).map(([name, shape]) => ({ name, shape, section: 'trainable' }));
}

/** Opens a run at the initial parameters. */
export function openRun(o: {
  readonly settings: OptimizerSettings;
  readonly tensors: readonly TensorSpec[];
  readonly initial: ArrayLike<number>;
  /** 2^20 by default. */
  readonly bucketBytes?: number;
}): OptimizerRun {
  const layout = createLayout(o.tensors);
  const optimizer = createOptimizer(o.settings);
  const cells = planBuckets(layout, o.bucketBytes ?? 2 ** 20)
    .filter(isParameterBucket)
    .map((bucket) => {
      const room = (): number => arena.allocate(bucket.length * 4);
      const [parameters, target, gradient] = [room(), room(), room()];
      const slots = optimizer.slots.map(room);
      for (const slot of slots) arena.float32(slot, bucket.length).fill(0);
      const parts = partsOf(layout, bucket);
      return { bucket, parameters, target, gradient, slots, parts };
    });
  const write = (name: 'parameters' | 'gradient', values: ArrayLike<number>): void => {
    for (const { bucket, [name]: pointer } of cells) {
      const part = Array.from(values).slice(bucket.offset, bucket.offset + bucket.length);
      arena.float32(pointer, bucket.length).set(part);
    }
  };
  const read = (pointerOf: (cell: (typeof cells)[number]) => number): number[] =>
    cells.flatMap((cell) => [...arena.float32(pointerOf(cell), cell.bucket.length)]);
  let updates = 0;
  write('parameters', o.initial);
  return {
    layout,
    optimizer,
    step(sums, { scale = 1, learningRate = o.settings.learningRate } = {}) {
      write('gradient', sums);
      for (const pass of optimizer.passes) {
        for (const { parameters, target, gradient, slots, parts } of cells) {
          for (const { tensor, start, offset, count } of parts) {
            const at = (pointer: number): number => pointer + offset * 4;
            pass({
              ...{ arena, tensor, start, count, scale, updates, learningRate },
              ...{ parameters: at(parameters), target: at(target), gradient: at(gradient) },
              slots: slots.map(at),
            });
          }
        }
      }
      updates += 1;
      const next = read(({ target }) => target);
      write('parameters', next);
      return Float32Array.from(next);
    },
    state: () => ({
      ...Object.fromEntries(optimizer.slots.map((name, i) => [name, read((c) => c.slots[i] ?? 0)])),
      ...Object.fromEntries(
        optimizer.tensorSlots.map(({ name, shapeOf, values }) => {
          const owners = layout.tensors.filter((tensor) => shapeOf(tensor) !== undefined);
          return [name, owners.flatMap((tensor) => [...values(tensor)])];
        }),
      ),
    }),
    restore(parameters, state, count) {
      updates = count;
      write('parameters', parameters);
      optimizer.slots.forEach((name, i) => {
        for (const { bucket, slots } of cells) {
          const part = (state[name] ?? []).slice(bucket.offset, bucket.offset + bucket.length);
          arena.float32(slots[i] ?? 0, bucket.length).set(part);
        }
      });
      for (const { name, shapeOf, values } of optimizer.tensorSlots) {
        let offset = 0;
        for (const tensor of layout.tensors.filter((each) => shapeOf(each) !== undefined)) {
          const target = values(tensor);
          target.set((state[name] ?? []).slice(offset, offset + target.length));
          offset += target.length;
        }
      }
    },
  };
}
