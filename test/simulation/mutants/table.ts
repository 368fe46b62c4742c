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
    file: 'packages/math/src/tree-progress.ts',
    find: "if (progress.held.some((held) => isWithin(added, held))) return { kind: 'known' };",
    replace: '',
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
    file: 'packages/server/src/store/parameter-store.ts',
    find: '[name, joinBytes(slotViews(name))]',
    replace: '[name, joinBytes(slotViews(name)).fill(0)]',
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
    name: 'mix-two-versions',
    file: 'packages/worker/src/lifecycle/transition.ts',
    find: 'const complete = Math.min(...versions.values());',
    replace: 'const complete = Math.max(...[...versions.values()].filter((v) => v < 2 ** 40));',
    why: 'a worker begins to compute on v + 1 when its first bucket is there',
  },
  {
    name: 'write-under-the-reader',
    file: 'packages/worker/src/communication/parameter-areas.ts',
    find: 'if (!isBusy(version)) {',
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
    name: 'home-before-saved',
    file: 'packages/server/src/run/ending.ts',
    find: 'if (isLastCheckpointDue(turn.state)) return beginCheckpoint(turn);',
    replace: 'if (isLastCheckpointDue(turn.state)) beginCheckpoint(turn);',
    why: 'workers are sent home before the last checkpoint is written',
  },
  {
    name: 'keep-old-tasks',
    file: 'packages/worker/src/lifecycle/connecting.ts',
    find: '  dropTasks(turn, () => true);\n',
    replace: '',
    why: 'a worker that lost the server goes on with what the old connection asked for',
  },
  {
    name: 'never-suspect',
    file: 'packages/server/src/run/ticking.ts',
    find: 'if (silentMs <= patienceWith(turn, { ...member, pulse })) continue;',
    replace: 'if (silentMs <= Infinity) continue;',
    why: 'a worker that is cut off is waited for',
  },
  {
    name: 'two-of-a-name',
    file: 'packages/server/src/run/joining.ts',
    find: '  fencePredecessor(turn, hello.name);\n',
    replace: '',
    why: 'an old connection of a worker keeps its work',
  },
  {
    name: 'let-a-misfit-in',
    file: 'packages/server/src/run/stepping.ts',
    find: 'if (fault !== undefined) return receiveViolation(turn, connection, fault);',
    replace: 'void fault;',
    why: 'a node of another shape reaches the sums',
  },
  {
    name: 'forget-what-is-aside',
    file: 'packages/worker/src/communication/parameter-areas.ts',
    find: 'aside.set(bucket, { version, payload: payload.slice() });',
    replace: '',
    why: 'a bucket that comes while its area is read is lost',
  },
  {
    name: 'nothing-ahead',
    file: 'packages/server/src/run/presence.ts',
    find: 'ahead: [...(round?.updated ?? [])].sort((a, b) => a - b),',
    replace: 'ahead: [],',
    why: 'a newcomer does not get the buckets that are at v + 1 already',
  },
  {
    name: 'settle-a-stranger',
    file: 'packages/worker/src/communication/send-queue.ts',
    find: 'if (sentIn !== generation) return;',
    replace: '',
    why: 'a frame of the old connection counts as one of the new',
  },
];
