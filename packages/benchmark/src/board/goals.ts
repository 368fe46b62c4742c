import { names } from '../contestants/names.ts';

/** A row of the board: what a figure must be, and what it aims at. */
export type Goal = RatioGoal | LimitGoal;

/** A ratio to a contestant that trains beside ours: of speed where more is better, else of time. */
export interface RatioGoal {
  readonly kind: 'speed' | 'time' | 'efficiency';
  /** The contestant that the figure is held against. */
  readonly peer: string;
  readonly mustBe: number;
  readonly aim: number;
}

/** An amount that less of is better. */
export interface LimitGoal {
  readonly kind: 'bytes' | 'seconds';
  /** Of what. */
  readonly subject: string;
  readonly mustBe: number;
  readonly aim: number;
}

const { torch, fit, alone } = names;

const serverMemory: LimitGoal = {
  kind: 'bytes',
  subject: 'memory of the server, beyond its numbers',
  mustBe: 150e6,
  aim: 80e6,
};

/** Rows of the board by benchmark. */
export const goals: Readonly<Record<string, readonly Goal[]>> = {
  mlp: [
    { peer: torch, kind: 'speed', mustBe: 0.85, aim: 1.15 },
    { peer: fit, kind: 'speed', mustBe: 0.9, aim: 1.2 },
    { peer: alone, kind: 'efficiency', mustBe: 0.7, aim: 0.95 },
    serverMemory,
  ],
  cnn: [
    { peer: torch, kind: 'speed', mustBe: 0.8, aim: 1 },
    { peer: fit, kind: 'speed', mustBe: 1.05, aim: 1.3 },
    { peer: alone, kind: 'efficiency', mustBe: 0.85, aim: 0.95 },
    serverMemory,
  ],
  wide: [{ peer: torch, kind: 'time', mustBe: 1.6, aim: 1 }, serverMemory],
  tiny: [{ peer: torch, kind: 'time', mustBe: 1.2, aim: 0.6 }, serverMemory],
  start: [
    { kind: 'seconds', subject: 'tensorflow', mustBe: 2.5, aim: 1.5 },
    { kind: 'seconds', subject: 'wasm', mustBe: 1.5, aim: 1 },
  ],
  join: [{ kind: 'seconds', subject: 'to the first gradient', mustBe: 3, aim: 1.5 }],
};

/** How a figure stands to its goal. */
export type Standing = 'aim' | 'must be' | 'missed';

/** Whether this goal is a ratio to a contestant. */
export function isRatio(goal: Goal): goal is RatioGoal {
  return 'peer' in goal;
}

/** The ratio of a goal, from milliseconds a step of ours and of the peer's. */
export function ratioOf({ kind }: RatioGoal, ours: number, peers: number): number {
  if (kind === 'time') return ours / peers;
  // Two workers take half of one's time when nothing is lost.
  return kind === 'speed' ? peers / ours : peers / ours / 2;
}

/** Which of its marks a figure reaches. */
export function standingOf(goal: Goal, figure: number): Standing {
  const reaches = (mark: number): boolean => {
    return isMoreBetter(goal) ? figure >= mark : figure <= mark;
  };
  if (reaches(goal.aim)) return 'aim';
  return reaches(goal.mustBe) ? 'must be' : 'missed';
}

/** Whether more of it is better. */
function isMoreBetter({ kind }: Goal): boolean {
  return kind === 'speed' || kind === 'efficiency';
}
