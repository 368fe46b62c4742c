import type { TensorHeader } from '@paceline/protocol';
import { writeTensorPrefix } from '@paceline/protocol';
import type { Bucket } from '@paceline/math';
import type { Task } from '../lifecycle/state.ts';
import type { SendQueue } from './send-queue.ts';
import type { SumAreas } from './sum-areas.ts';
import type { FinishedNode, TaskSums } from './task-sums.ts';
import { createTaskSums } from './task-sums.ts';
import type { Workspace } from './workspace.ts';

/** The sums of all tasks at hand, and the frames that their finished nodes become. */
export interface TaskTable {
  /** The compute loop is about to work on a task. */
  open(task: Task): void;
  /** These buckets of a leaf are in `pointer`; the nodes that they finish are queued for the socket. */
  addBuckets(task: number, leaf: number, pointer: number, buckets: readonly number[]): void;
  /** The whole leaf is in `pointer`, likewise. */
  add(task: number, leaf: number, pointer: number): void;
  /** An evaluated block. */
  addScalars(task: number, leaf: number, scalars: Float32Array): void;
  drop(task: number): void;
}

interface Entry {
  readonly task: Task;
  readonly sums: TaskSums;
}

/** What frames are made with: the term goes into every one, and a checksum where the network may change bits. */
export interface FrameRules {
  readonly term: () => number;
  readonly needsChecksum: () => boolean;
}

/** Opens the table. */
export function createTaskTable(
  workspace: Workspace,
  queue: SendQueue,
  rules: FrameRules,
): TaskTable {
  return new Table(workspace, queue, rules);
}

class Table implements TaskTable {
  private readonly entries = new Map<number, Entry>();
  private readonly workspace: Workspace;
  private readonly queue: SendQueue;
  private readonly rules: FrameRules;

  constructor(workspace: Workspace, queue: SendQueue, rules: FrameRules) {
    this.workspace = workspace;
    this.queue = queue;
    this.rules = rules;
  }

  open(task: Task): void {
    if (this.entries.has(task.id)) return;
    const slices = this.bucketsOf(task).map(({ index, length }) => {
      return { bucket: index, dataOffset: this.dataOffset(index), length };
    });
    const tree = this.workspace.treeOf(task);
    const sums = createTaskSums({ tree, range: task, slices, areas: this.areasOf(task) });
    this.entries.set(task.id, { task, sums });
  }

  addBuckets(id: number, leaf: number, pointer: number, buckets: readonly number[]): void {
    const entry = this.entries.get(id);
    if (entry === undefined) return; // dropped meanwhile
    for (const node of entry.sums.add(leaf, pointer, buckets)) this.queueNode(entry.task, node);
  }

  add(id: number, leaf: number, pointer: number): void {
    const entry = this.entries.get(id);
    if (entry === undefined) return this.workspace.gradients.release(pointer); // dropped meanwhile
    for (const node of entry.sums.complete(leaf, pointer)) this.queueNode(entry.task, node);
  }

  addScalars(id: number, leaf: number, scalars: Float32Array): void {
    if (!this.entries.has(id)) return;
    const pointer = this.workspace.scalars.take();
    this.workspace.arena.float32(pointer + this.dataOffset(0), scalars.length).set(scalars);
    this.add(id, leaf, pointer);
  }

  drop(id: number): void {
    this.queue.drop(id);
    this.entries.get(id)?.sums.drop();
    this.entries.delete(id);
  }

  private queueNode(task: Task, { node, bucket: index, pointer }: FinishedNode): void {
    const bucket = this.workspace.buckets[index];
    if (bucket === undefined) throw new RangeError(`there is no bucket ${String(index)}`);
    const areas = this.areasOf(task);
    const dataOffset = this.dataOffset(index);
    const area = this.workspace.arena.bytes(pointer, dataOffset + bucket.length * 4);
    const header = headerOf(task, { node, bucket, term: this.rules.term() });
    const checksum = this.rules.needsChecksum();
    const { start } = writeTensorPrefix(area, dataOffset, { header, checksum });
    this.queue.push({
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

  private areasOf(task: Task): SumAreas {
    return task.kind === 'step' ? this.workspace.gradients : this.workspace.scalars;
  }

  private bucketsOf(task: Task): readonly Bucket[] {
    const all = this.workspace.gradientBuckets;
    return task.kind === 'step' ? all : all.slice(0, 1);
  }

  private dataOffset(bucket: number): number {
    return this.workspace.slots.dataOffset[bucket] ?? 0;
  }
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
