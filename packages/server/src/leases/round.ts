import type { Arrival, SumTree, TreeNode, TreeProgress } from '@paceline/math';
import { addNode, emptyProgress, missingRanges } from '@paceline/math';
import type { LeaseRange } from './apportion.ts';
import { mergeRanges } from './apportion.ts';

/** Who computes which leaves of the open round. */
export interface Assignment extends LeaseRange {
  /** The worker's connection id. */
  readonly worker: number;
  readonly sinceMs: number;
}

/** A node that came with a NaN or an infinity in it. */
export interface Suspect {
  readonly bucket: number;
  readonly node: TreeNode;
  /** The name of the worker that sent it. */
  readonly from: string;
}

/**
 * One pass over a fixed tree on one version of the parameters: a training step (leaves are microbatches, every
 * gradient bucket is summed) or an evaluation (leaves are blocks of the test split, only scalars are summed).
 */
export interface Round {
  readonly kind: 'step' | 'evaluation';
  /** The parameters that the leaves are computed on; for a training step also its number. */
  readonly version: number;
  readonly tree: SumTree;
  /** What is held of the tree, by bucket index. */
  readonly progress: readonly TreeProgress[];
  readonly assignments: readonly Assignment[];
  /** Buckets whose root was checked finite. */
  readonly roots: ReadonlySet<number>;
  /** Parameter buckets that are already at version + 1. */
  readonly updated: ReadonlySet<number>;
  /** The root of the scalars, once it is there: weight, weighted loss, metric counts. */
  readonly scalars: Float32Array | undefined;
  /** Of the update that a step makes. */
  readonly learningRate: number;
  /** Norm of the mean gradient; only where it is watched, and once all of the gradient is there. */
  readonly gradientNorm: number | undefined;
  /** A root was not finite and the job says to skip such steps. */
  readonly isSkipped: boolean;
  /** Nodes that were not finite, by arrival. */
  readonly suspects: readonly Suspect[];
  /** Buckets that were computed once more because their root was not finite, with the suspects of the first time. */
  readonly retried: ReadonlyMap<number, readonly Suspect[]>;
  readonly sinceMs: number;
}

/** Opens a round in which nothing has arrived yet. */
export function openRound(o: {
  readonly kind: Round['kind'];
  readonly version: number;
  readonly tree: SumTree;
  readonly buckets: number;
  readonly assignments: readonly Assignment[];
  /** 0 for an evaluation. */
  readonly learningRate: number;
  readonly nowMs: number;
}): Round {
  return {
    kind: o.kind,
    version: o.version,
    tree: o.tree,
    progress: Array.from({ length: o.buckets }, () => emptyProgress),
    assignments: o.assignments.filter((a) => a.first < a.end),
    roots: new Set(),
    updated: new Set(),
    scalars: undefined,
    learningRate: o.learningRate,
    gradientNorm: undefined,
    isSkipped: false,
    suspects: [],
    retried: new Map(),
    sinceMs: o.nowMs,
  };
}

/** Takes a node of one bucket into the round; `known` changes nothing. Pure. */
export function receiveNode(
  round: Round,
  bucket: number,
  node: TreeNode,
): { readonly round: Round; readonly arrival: Arrival } {
  const arrival = addNode(round.tree, round.progress[bucket] ?? emptyProgress, node);
  if (arrival.kind === 'known') return { round, arrival };
  const progress = round.progress.with(bucket, arrival.progress);
  return { round: { ...round, progress }, arrival };
}

/** The leaves that some bucket still lacks, as maximal runs. */
export function missingInRound(round: Round): readonly LeaseRange[] {
  return mergeRanges(round.progress.flatMap((progress) => missingRanges(round.tree, progress)));
}

/** Whether anything of the round has arrived. */
export function isUntouched(round: Round): boolean {
  return round.progress.every((progress) => progress.held.length === 0);
}
