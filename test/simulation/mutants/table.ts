/** The code, broken on purpose: the simulator has to notice. */
export interface Mutant {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** What goes wrong with it. */
  readonly why: string;
}

/** All mutants. */
export const mutants: readonly Mutant[] = [
  {
    name: 'count-a-duplicate',
    file: 'packages/server/src/run/stepping.ts',
    find: "if (received.arrival.kind === 'known') return act(turn, { kind: 'count', what: 'duplicate' });",
    replace: `if (received.arrival.kind === 'known') {
      const right = round.tree.normalise(node);
      const left = (round.progress[bucket]?.held ?? []).find(
        (held) => held.level > right.level && held.index === right.index >> (held.level - right.level),
      );
      if (left === undefined) return;
      const merges = [{ left, right, into: left }];
      return act(turn, { kind: 'sum', bucket, node: right, from, payload, dropped: [], merges });
    }`,
    why: 'a node that is part of a held sum is added once more',
  },
  {
    name: 'skip-a-re-issue',
    file: 'packages/server/src/run/presence.ts',
    find: '  dropAssignments(turn, connection);\n  coverGaps(turn);',
    replace: '  dropAssignments(turn, connection);',
    why: 'what a worker that left was computing is given to nobody',
  },
  {
    name: 'apply-a-late-node',
    file: 'packages/server/src/policy/sync.ts',
    find: "version === open ? 'current'",
    replace: "version <= open ? 'current'",
    why: 'a gradient of a closed step goes into the open one',
  },
  {
    name: 'forget-a-slot',
    file: 'packages/server/src/store/whole-state.ts',
    find: '[name, joinBytes(of())]',
    replace: '[name, joinBytes(of()).fill(0)]',
    why: 'the momentum is not part of a checkpoint',
  },
  {
    name: 'overwrite-before-whole',
    file: 'packages/server/src/store/parameter-store.ts',
    find: 'const copies = !isParameterBucket(bucket) ? 0 : isGradientBucket(bucket) ? 2 : 1;',
    replace: 'const copies = isParameterBucket(bucket) ? 1 : 0;',
    why: 'version v is gone as soon as a bucket of v + 1 is there: a newcomer gets a mixture',
  },
  {
    name: 'write-under-the-reader',
    file: 'packages/worker/src/communication/parameter-areas.ts',
    find: 'if (!this.isBusy(version)) {',
    replace: 'if (version >= 0) {',
    why: 'v + 2 is written over v while the compute loop reads v',
  },
  {
    name: 'accept-an-old-term',
    file: 'packages/server/src/run/stepping.ts',
    find: "if (arrival.term !== config.term) return act(turn, { kind: 'count', what: 'late' });",
    replace: 'void config;',
    why: 'a node that an earlier life of the server asked for is taken',
  },
  {
    name: 'two-of-a-name',
    file: 'packages/server/src/run/joining.ts',
    find: '  fencePredecessor(turn, hello.name);\n',
    replace: '',
    why: 'an old connection of a worker keeps its work',
  },
  {
    name: 'nothing-ahead',
    file: 'packages/server/src/run/presence.ts',
    find: 'ahead: [...(round?.updated ?? [])].sort((a, b) => a - b),',
    replace: 'ahead: [],',
    why: 'a newcomer does not get the buckets that are at v + 1 already',
  },
  {
    name: 'mix-two-versions',
    file: 'packages/worker/src/lifecycle/transition.ts',
    find: 'return buckets.every((bucket) => versions.get(bucket) === first) ? first : undefined;',
    replace: 'return Math.max(first ?? 0, ...buckets.map((bucket) => versions.get(bucket) ?? 0));',
    why: 'a worker begins to compute on v + 1 when its first bucket is there',
  },
  {
    name: 'let-a-misfit-in',
    file: 'packages/server/src/connections/vetting.ts',
    find: "    case 'evaluated':\n      return vetNode(state, member, message);",
    replace: "    case 'evaluated':\n      return undefined;",
    why: 'a node of another shape reaches the sums',
  },
  {
    name: 'home-before-saved',
    file: 'packages/server/src/run/ending.ts',
    find: 'if (end === undefined || isClosed || checkpoints.writing !== undefined) return;',
    replace: `if (end === undefined || isClosed) return;
    for (const { id: to } of turn.state.members.values()) {
      send(turn, to, { kind: 'finished', status: end.status, steps: version });
      act(turn, { kind: 'close', to, because: 'finished', reason: end.reason });
    }
    if (checkpoints.writing !== undefined) return;`,
    why: 'workers are sent home before the last checkpoint is written',
  },
  {
    name: 'forget-the-uploader',
    file: 'packages/server/src/run/presence.ts',
    find: '  if (turn.state.upload?.from === connection) change(turn, { upload: undefined });\n',
    replace: '',
    why: 'nobody else is asked for the initial weights',
  },
  {
    name: 'no-second-computation',
    file: 'packages/server/src/run/stepping.ts',
    find: 'if (computeOnceMore(turn, round, o.bucket)) return;',
    replace: 'void computeOnceMore;',
    why: 'one machine with a broken memory ends the run',
  },
  {
    name: 'evaluate-an-old-average',
    file: 'packages/worker/src/lifecycle/tasks.ts',
    find: 'return !needsAverage || averageVersion === version;',
    replace: 'return !needsAverage || averageVersion !== undefined;',
    why: 'an evaluation does not wait for the averages of its version',
  },
  {
    name: 'average-but-once',
    file: 'packages/server/src/run/presence.ts',
    find: 'if (member.averagedAt === version) return;',
    replace: 'if (member.averagedAt !== undefined) return;',
    why: 'a worker gets the averages of its first evaluation, and never again',
  },
  {
    name: 'forget-the-best',
    file: 'packages/server/src/store/whole-state.ts',
    find: '      restoreBest(state.best);\n',
    replace: '',
    why: 'what was the best before a crash is not there when the run ends',
  },
  {
    name: 'forget-what-was-observed',
    file: 'packages/server/src/run/restoring.ts',
    find: "    ...restoredObservations(sections['observed'] ?? {}),\n",
    replace: '',
    why: 'after a crash the rate is that of the beginning',
  },
];
