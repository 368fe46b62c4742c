/**
 * Euclidean norms of whole tensors, from parts that come bucket by bucket. Squares are exact in Float64; they are added in
 * an order that depends on their place in the tensor alone: in eight lanes inside of blocks of 1,024 elements
 * (`kernels/assembly/norm.ts`), blocks in pairs. So neither buckets nor servers show in the bits.
 */
import type { TensorPlace } from '../layout.ts';
import type { Segment } from './optimizer.ts';

/** The norms of one vector, tensor by tensor. */
export interface TensorNorms {
  /** Takes the floats of a segment, at `pointer`. Parts of a tensor come in order; its first one begins anew. */
  add(segment: Pick<Segment, 'arena' | 'tensor' | 'start' | 'count'>, pointer: number): void;
  /** The norm of a tensor; complete when its last part was added. */
  of(tensor: TensorPlace): number;
  /** The norm over all tensors that were added, in the order in which they first came. */
  ofAll(): number;
}

/** The sums of a tensor: those of closed blocks, and the lanes of the open one. */
interface Sums {
  readonly lanes: Float64Array;
  readonly blocks: Float64Array;
  closed: number;
  /** The sum of all blocks, once they are closed. */
  square: number;
}

const blockLength = 1024;
const laneCount = 8;
const doubleBytes = Float64Array.BYTES_PER_ELEMENT;

/** Norms of nothing so far. */
export function createTensorNorms(): TensorNorms {
  const known = new Map<string, Sums>();
  const sumsOf = ({ name, size }: TensorPlace): Sums => {
    const sums = known.get(name) ?? createSums(size);
    known.set(name, sums);
    return sums;
  };
  return {
    add(segment, pointer) {
      const sums = sumsOf(segment.tensor);
      if (segment.start === 0) sums.closed = 0;
      addPart(sums, segment, pointer);
    },
    of: (tensor) => Math.sqrt(sumsOf(tensor).square),
    ofAll: () => Math.sqrt(sumInPairs([...known.values()].map(({ square }) => square))),
  };
}

function createSums(size: number): Sums {
  const blocks = new Float64Array(Math.ceil(size / blockLength));
  return { lanes: new Float64Array(laneCount), blocks, closed: 0, square: 0 };
}

function addPart(
  sums: Sums,
  { arena, tensor, start, count }: Pick<Segment, 'arena' | 'tensor' | 'start' | 'count'>,
  pointer: number,
): void {
  const mostClosed = Math.ceil(((start % blockLength) + count) / blockLength);
  const bytes = (laneCount + mostClosed) * doubleBytes;
  const scratch = arena.allocate(bytes);
  const { buffer } = arena.bytes(scratch, bytes);
  const lanes = new Float64Array(buffer, scratch, laneCount);
  lanes.set(sums.lanes);
  const into = scratch + laneCount * doubleBytes;
  const isEnd = Number(start + count === tensor.size);
  const closed = arena.kernels.addToBlocks(pointer, count, start, scratch, into, isEnd);
  sums.blocks.set(new Float64Array(buffer, into, closed), sums.closed);
  sums.closed += closed;
  sums.lanes.set(lanes);
  if (isEnd === 1) sums.square = sumInPairs(sums.blocks);
  arena.free(scratch, bytes);
}

/** The sum of numbers in pairs, of neighbours first; one without a neighbour goes up as it is. 0 for none. */
function sumInPairs(numbers: ArrayLike<number>): number {
  let level = Array.from(numbers);
  while (level.length > 1) {
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => {
      const [left = 0, right] = [level[2 * i], level[2 * i + 1]];
      return right === undefined ? left : left + right;
    });
  }
  return level[0] ?? 0;
}
