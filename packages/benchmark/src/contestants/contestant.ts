/** Somebody who trains a model, in blocks of steps, and rests while others have the machine. */
export interface Contestant extends AsyncDisposable {
  readonly name: string;
  /** Trains for a block of steps. */
  block(): Promise<Block>;
}

/** What a block of steps took. */
export interface Block {
  readonly steps: number;
  readonly msPerStep: number;
  /** CPU milliseconds of one step, by process. */
  readonly cpuMsPerStep: Readonly<Record<string, number>>;
  /** The most memory that was resident since the warm-up, by process. */
  readonly peakBytes: Readonly<Record<string, number>>;
}

/** A contestant that is not to be had on this machine, and why. */
export interface Absent {
  readonly name: string;
  readonly absent: string;
}

/** Whether somebody is there. */
export function isPresent(one: Contestant | Absent): one is Contestant {
  return !('absent' in one);
}
