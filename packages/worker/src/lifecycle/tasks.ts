import type { Task, WorkerState, WorkRange } from './state.ts';
import type { Turn } from './turn.ts';
import { act, change } from './turn.ts';

/** The compute loop has at most so many leaves in hand: one that it computes, one that it can begin at once. */
const mostInHand = 2;

/** Adds a task; an empty one is not worth one. */
export function addTask(
  turn: Turn,
  o: WorkRange & { readonly kind: Task['kind']; readonly version: number },
): void {
  const { shape, nextTask, tasks } = turn.state;
  const leaves = shape?.leavesOf(o) ?? [];
  if (leaves.length === 0) return;
  const task: Task = { ...o, id: nextTask, leaves, ordered: 0, computed: 0 };
  // Evaluations first: the server waits for them before it goes on.
  const sorted = o.kind === 'evaluation' ? [task, ...tasks] : [...tasks, task];
  change(turn, { tasks: sorted, nextTask: nextTask + 1 });
}

/** Turns the standing lease into a task when its step has come; then keeps the compute loop busy. */
export function work(turn: Turn): void {
  startLease(turn);
  orderLeaves(turn);
}

/** Drops the tasks that `isStale` picks. */
export function dropTasks(turn: Turn, isStale: (task: Task) => boolean): void {
  const stale = turn.state.tasks.filter(isStale);
  if (stale.length === 0) return;
  change(turn, { tasks: turn.state.tasks.filter((task) => !isStale(task)) });
  act(turn, { kind: 'drop-tasks', tasks: stale.map((task) => task.id) });
}

/** Whether all leaves that this worker took on are computed. */
export function isIdle(state: WorkerState): boolean {
  return state.tasks.every((task) => task.computed === task.leaves.length);
}

function startLease(turn: Turn): void {
  const { lease, version, pausedAt, leasedStep, leaving } = turn.state;
  if (lease === undefined || version === undefined || leaving !== undefined) return;
  if (version < lease.fromStep || leasedStep === version) return;
  if (pausedAt !== undefined && version >= pausedAt) return;
  change(turn, { leasedStep: version });
  addTask(turn, { kind: 'step', version, first: lease.first, end: lease.end });
}

function orderLeaves(turn: Turn): void {
  for (;;) {
    const { tasks, inHand } = turn.state;
    const task = tasks.find(
      (each) => hasNumbers(turn.state, each) && each.ordered < each.leaves.length,
    );
    const leaf = task?.leaves[task.ordered];
    if (task === undefined || leaf === undefined || inHand >= mostInHand) return;
    const ordered = { ...task, ordered: task.ordered + 1 };
    if (inHand === 0) change(turn, { owedSinceMs: turn.nowMs });
    change(turn, { tasks: replaceTask(tasks, ordered), inHand: inHand + 1 });
    act(turn, { kind: 'compute', task: ordered, leaf });
  }
}

/** Whether all that a task is computed on is here. */
function hasNumbers({ version, averageVersion, shape }: WorkerState, task: Task): boolean {
  if (task.version !== version) return false;
  const needsAverage = task.kind === 'evaluation' && (shape?.averagedBuckets.length ?? 0) > 0;
  return !needsAverage || averageVersion === version;
}

/** The tasks with one replaced by its next state. */
export function replaceTask(tasks: readonly Task[], task: Task): readonly Task[] {
  return tasks.map((each) => (each.id === task.id ? task : each));
}
