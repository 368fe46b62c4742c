/**
 * Virtual time: a queue of events that jumps from one to the next. What happens at the same instant happens in the
 * order in which it was asked for, so that a run depends on nothing but its seed.
 */
export interface Timeline {
  readonly nowMs: number;
  /** Runs `run` at `delayMs` from now. The returned function cancels, any number of times. */
  after(delayMs: number, run: () => void): () => void;
  /** Moves to the next event and runs it; false when there is none. Promises have settled when this resolves. */
  step(): Promise<boolean>;
  /** Moves the clock on through everything up to `endMs`. */
  runUntil(endMs: number): Promise<void>;
}

interface Appointment {
  readonly dueMs: number;
  /** Breaks ties. */
  readonly number: number;
  run: (() => void) | undefined;
}

/** A timeline at instant 0. */
export function createTimeline(): Timeline {
  const heap: Appointment[] = [];
  let nowMs = 0;
  let lastNumber = 0;

  const next = (): Appointment | undefined => {
    while (heap[0] !== undefined && heap[0].run === undefined) pop(heap);
    return heap[0];
  };
  const step = async (): Promise<boolean> => {
    const first = next();
    if (first === undefined) return false;
    pop(heap);
    nowMs = first.dueMs;
    const { run } = first;
    first.run = undefined;
    run?.();
    await settle();
    return true;
  };
  return {
    get nowMs() {
      return nowMs;
    },
    after(delayMs, run) {
      lastNumber += 1;
      const appointment: Appointment = {
        dueMs: nowMs + Math.max(0, delayMs),
        number: lastNumber,
        run,
      };
      push(heap, appointment);
      return () => {
        appointment.run = undefined;
      };
    },
    step,
    async runUntil(endMs) {
      await settle();
      for (let first = next(); first !== undefined && first.dueMs <= endMs; first = next()) {
        await step();
      }
      nowMs = Math.max(nowMs, endMs);
    },
  };
}

/** A macrotask comes after all microtasks: whatever was promised has been done. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(a: Appointment, b: Appointment): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.number < b.number);
}

/** Binary heap: the parent of place i is (i - 1) / 2, rounded down. */
function push(heap: Appointment[], added: Appointment): void {
  let place = heap.length;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || isBefore(above, added)) break;
    heap[place] = above;
    place = parent;
  }
  heap[place] = added;
}

function pop(heap: Appointment[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let place = 0;
  for (;;) {
    const left = 2 * place + 1;
    const [a, b] = [heap[left], heap[left + 1]];
    if (a === undefined) break;
    const isRight = b !== undefined && isBefore(b, a);
    const smaller = isRight ? b : a;
    if (isBefore(last, smaller)) break;
    heap[place] = smaller;
    place = isRight ? left + 1 : left;
  }
  heap[place] = last;
}
