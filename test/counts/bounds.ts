/**
 * What one step may take, in the middle of a run of the job in `job.ts`. Counts and not seconds: they are the same on every
 * machine, so that one more copy, message, allocation or pass fails the gate, however busy the machine is. A
 * count that has become lower fails as well: lower its bound, so that it stays low.
 */
import {
  behindChecksums,
  checksum,
  credit,
  fromClient,
  fromServer,
  large,
  nodes,
  numbers,
  parameters,
  parts,
  reference,
  scalarsNode,
} from './sizes.ts';

/** One count, what it is, and why it is not less. */
export type Bound = readonly [what: string, bound: number, why: string];

/** What is bounded: in the server, and in the communication threads of all workers together. */
export interface Bounds {
  readonly server: readonly Bound[];
  readonly workers: readonly Bound[];
}

/** Messages are the same whatever the way. */
const twoWorkersAtServer: readonly Bound[] = [
  ['node received', 2 * (1 + large), 'each worker sends its sum, bucket by bucket'],
  ['parameters sent', 2 * large, 'each worker gets each bucket that is trained'],
  ['credit sent', 2, 'a worker’s step is a quarter of its credit'],
  [
    'kernel addChecked',
    1 + large,
    'two nodes are one sum; whether it is finite, the same pass sees',
  ],
  ['kernel sgd', parts, 'each tensor of each bucket is updated once'],
];
const twoWorkersAdd: Bound = ['kernel add', 2 * (1 + large), 'two leaves of each are one sum'];

const noAllocation: readonly Bound[] = [
  ['allocations', 0, 'frames are read into one buffer, and written from few that are used again'],
  ['allocated bytes', 0, 'none'],
];
const noChecksum: Bound = ['checksummed bytes', 0, 'a Unix socket changes no bits'];
const noLane: readonly Bound[] = [
  ['lane bytes read', 0, 'there is no lane over TCP'],
  ['lane bytes written', 0, 'there is no lane over TCP'],
];

const perWorkerUp = scalarsNode + fromClient.small + large * (reference + fromClient.small);
const perWorkerDown = large * (reference + fromServer.small) + credit + fromServer.small;

/** Two workers on the server's machine: a Unix socket, and the lane beside it. */
export const twoOnALane: Bounds = {
  server: [
    ...twoWorkersAtServer,
    ['kernel isFinite', 2 + large, 'first nodes, and both of the scalars, which are copied'],
    ['socket bytes read', 2 * perWorkerUp, 'references, and the scalars, which are small'],
    ['socket bytes written', 2 * perWorkerDown, 'references, and credit'],
    ['lane bytes read', 2 * nodes, 'each node once'],
    ['lane bytes written', parameters, 'each bucket once for both workers'],
    ['copied bytes', 0, 'the first node of each bucket stays where it lands, the second is added'],
    ...noAllocation,
    noChecksum,
  ],
  workers: [
    twoWorkersAdd,
    ['socket bytes read', 2 * perWorkerDown, 'what the server wrote'],
    ['socket bytes written', 2 * perWorkerUp, 'what the server read'],
    ['lane bytes read', 2 * parameters, 'each bucket by each worker'],
    ['lane bytes written', 2 * nodes, 'out of the memory in which they were added'],
    ['copied bytes', 0, 'parameters are read into their area'],
    ...noAllocation,
    noChecksum,
  ],
};

const upOverTcp =
  scalarsNode + checksum + fromClient.small + nodes + large * (checksum + fromClient.large);
const downOverTcp =
  parameters + large * (checksum + fromServer.large) + credit + checksum + fromServer.small;
const nodesJoined = 2 * (nodes + large * checksum);
const parametersJoined = 2 * (parameters + large * checksum);
const copiedOverTcp = 'pieces to messages, nodes into the sums, frames that outlive their version';
const joining = 'ws puts each large message together in a buffer of its own';

/** Two workers over TCP. */
export const twoOverTcp: Bounds = {
  server: [
    ...twoWorkersAtServer,
    ['kernel isFinite', 2 * (1 + large), 'both nodes: they come as buffers of ws, and are copied'],
    ['socket bytes read', 2 * upOverTcp, 'everything'],
    ['socket bytes written', 2 * downOverTcp, 'everything'],
    ['copied bytes', nodesJoined + 2 * numbers + parametersJoined / 2, copiedOverTcp],
    ['allocations', 2 * large, joining],
    ['allocated bytes', nodesJoined, joining],
    ['checksummed bytes', (2 + 1) * behindChecksums, 'each node, and each bucket once for both'],
    ...noLane,
  ],
  workers: [
    twoWorkersAdd,
    ['socket bytes read', 2 * downOverTcp, 'what the server wrote'],
    ['socket bytes written', 2 * upOverTcp, 'what the server read'],
    ['copied bytes', parametersJoined + 2 * numbers, `as on a lane, and ${joining}`],
    ['allocations', 2 * large, joining],
    ['allocated bytes', parametersJoined, joining],
    ['checksummed bytes', (2 + 2) * behindChecksums, 'each node, and each bucket by each worker'],
    ...noLane,
  ],
};

/** One worker with all four microbatches, on a lane: its node is the root. */
export const oneOnALane: Bounds = {
  server: [
    ['node received', 1 + large, 'the sum, bucket by bucket'],
    ['parameters sent', large, 'each bucket that is trained'],
    ['credit sent', 1, 'a worker’s step is a quarter of its credit'],
    ['kernel isFinite', 1 + large, 'the node, which is the root'],
    ['kernel addChecked', 0, 'there is nothing to add'],
    ['kernel sgd', parts, 'each tensor of each bucket is updated once'],
    ['socket bytes read', perWorkerUp, 'references, and the scalars, which are small'],
    ['socket bytes written', perWorkerDown, 'references, and credit'],
    ['lane bytes read', nodes, 'each node once'],
    ['lane bytes written', parameters, 'each bucket once'],
    ['copied bytes', 0, 'the node of each bucket stays where it lands'],
    ...noAllocation,
    noChecksum,
  ],
  workers: [
    ['kernel add', 3 * (1 + large), 'four leaves are one sum'],
    ['socket bytes read', perWorkerDown, 'what the server wrote'],
    ['socket bytes written', perWorkerUp, 'what the server read'],
    ['lane bytes read', parameters, 'each bucket'],
    ['lane bytes written', nodes, 'out of the memory in which they were added'],
    ['copied bytes', 0, 'parameters are read into their area'],
    ...noAllocation,
    noChecksum,
  ],
};
