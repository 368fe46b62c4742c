import { names } from '../contestants/names.ts';

/** What a row of the board must reach, and what it aims at. Ratios: of speed where more is better, else of time. */
export interface Goal {
  /** The contestant that the figure is held against. */
  readonly peer: string;
  readonly kind: 'speed' | 'time' | 'efficiency';
  readonly mustBe: number;
  readonly aim: number;
}

const { torch, fit, alone } = names;

/** By the model's name. */
export const goals: Readonly<Record<string, readonly Goal[]>> = {
  mlp: [
    { peer: torch, kind: 'speed', mustBe: 0.85, aim: 1.15 },
    { peer: fit, kind: 'speed', mustBe: 0.9, aim: 1.2 },
    { peer: alone, kind: 'efficiency', mustBe: 0.7, aim: 0.95 },
  ],
  cnn: [
    { peer: torch, kind: 'speed', mustBe: 0.8, aim: 1 },
    { peer: fit, kind: 'speed', mustBe: 1.05, aim: 1.3 },
    { peer: alone, kind: 'efficiency', mustBe: 0.85, aim: 0.95 },
  ],
  wide: [{ peer: torch, kind: 'time', mustBe: 1.6, aim: 1 }],
  tiny: [{ peer: torch, kind: 'time', mustBe: 1.2, aim: 0.6 }],
};

/** How a figure stands to its goal. */
export type Standing = 'aim' | 'must be' | 'missed';

/** The ratio of a goal, from milliseconds a step of ours and of the peer's. */
export function ratioOf({ kind }: Goal, ours: number, peers: number): number {
  if (kind === 'time') return ours / peers;
  // Two workers take half of one's time when nothing is lost.
  return kind === 'speed' ? peers / ours : peers / ours / 2;
}

/** Which of its marks a ratio reaches. */
export function standingOf({ kind, mustBe, aim }: Goal, ratio: number): Standing {
  const reaches = (mark: number): boolean => (kind === 'time' ? ratio <= mark : ratio >= mark);
  if (reaches(aim)) return 'aim';
  return reaches(mustBe) ? 'must be' : 'missed';
}
