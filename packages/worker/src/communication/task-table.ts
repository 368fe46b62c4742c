import type { TensorHeader } from '@paceline/protocol';
import { writeTensorPrefix } from '@paceline/protocol';
import type { Bucket } from '@paceline/math';
import type { Task } from '../lifecycle/state.ts';
import type { SendQueue } from './send-queue.ts';
import type { SumAreas } from './sum-areas.ts';
import type { FinishedNode, TaskSums } from './task-sums.ts';
import { createTaskSums } from './task-sums.ts';
import type { Workspace } from './workspace.ts';
import { gradientBuckets } from './workspace.ts';

/** The sums of all tasks at hand, and the frames that their finished nodes become. */
export interface TaskTable {
  /** The compute loop is about to work on a task. */
  open(task: Task): void;
  /** A leaf is in `pointer`; its finished nodes are queued for the socket, bucket by bucket. */
  add(task: number, leaf: number, pointer: number): void;
  /** An evaluated block. */
  addScalars(task: number, leaf: number, scalars: Float32Array): void;
  drop(task: number): void;
}

interface Entry {
  readonly task: Task;
  readonly sums: TaskSums;
}

/** Opens the table. `term` goes into every frame. */
export function createTaskTable(
  workspace: Workspace,
  queue: SendQueue,
  o: { readonly term: () => number },
): TaskTable {
  const entries = new Map<number, Entry>();
  const areasOf = (task: Task): SumAreas =>
    task.kind === 'step' ? workspace.gradients : workspace.scalars;
  const bucketsOf = (task: Task): readonly Bucket[] => {
    const all = gradientBuckets(workspace);
    return task.kind === 'step' ? all : all.slice(0, 1);
  };
  const queueNode = (task: Task, { node, pointer }: FinishedNode): void => {
    const areas = areasOf(task);
    for (const bucket of bucketsOf(task)) {
      const header = headerOf(task, { node, bucket, term: o.term() });
      const dataOffset = workspace.slots.dataOffset[bucket.index] ?? 0;
      const area = workspace.arena.bytes(pointer, dataOffset + bucket.length * 4);
      const { start } = writeTensorPrefix(area, dataOffset, header);
      queue.push({
        task: task.id,
        frame: area.subarray(start),
        starts: () => {
          areas.lend(pointer);
        },
        sent: () => {
          areas.settle(pointer);
        },
      });
    }
  };
  const add = (id: number, leaf: number, pointer: number): void => {
    const entry = entries.get(id);
    if (entry === undefined) return workspace.gradients.release(pointer); // dropped meanwhile
    for (const node of entry.sums.add(leaf, pointer)) queueNode(entry.task, node);
  };
  return {
    open(task) {
      if (entries.has(task.id)) return;
      const slices = bucketsOf(task).map((bucket) => ({
        dataOffset: workspace.slots.dataOffset[bucket.index] ?? 0,
        length: bucket.length,
      }));
      const sums = createTaskSums({
        tree: workspace.treeOf(task),
        range: task,
        slices,
        areas: areasOf(task),
      });
      entries.set(task.id, { task, sums });
    },
    add,
    addScalars(id, leaf, scalars) {
      if (!entries.has(id)) return;
      const pointer = workspace.scalars.take();
      const dataOffset = workspace.slots.dataOffset[0] ?? 0;
      workspace.arena.float32(pointer + dataOffset, scalars.length).set(scalars);
      add(id, leaf, pointer);
    },
    drop(id) {
      queue.drop(id);
      entries.get(id)?.sums.drop();
      entries.delete(id);
    },
  };
}

function headerOf(
  task: Task,
  o: {
    readonly node: { readonly level: number; readonly index: number };
    readonly bucket: Bucket;
    readonly term: number;
  },
): TensorHeader {
  const { level, index } = o.node;
  const shared = { term: o.term, level, index, dtype: 'f32', length: o.bucket.length } as const;
  return task.kind === 'step'
    ? { kind: 'node', step: task.version, bucket: o.bucket.index, ...shared }
    : { kind: 'evaluated', version: task.version, ...shared };
}
