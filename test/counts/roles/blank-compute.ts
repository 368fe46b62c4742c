import { planSlots } from '@paceline/math';
import { tensorHeadroomBytes } from '@paceline/protocol';
import type {
  ComputeOrder,
  ComputeReply,
  SharedAreas,
} from '../../../packages/worker/src/compute/orders.ts';
import {
  batchSize,
  countedBuckets,
  countedLayout,
  learningRate,
  layoutFacts,
  microbatches,
} from '../job.ts';

const slots = planSlots(countedBuckets, tensorHeadroomBytes);
const examplesOfLeaf = batchSize / microbatches;

/**
 * The compute side of a counted worker: every number of a leaf is how many examples it has, so that each gradient is 1 and
 * each parameter of version v is -v x the learning rate. It copies and allocates nothing itself.
 */
export function createBlankCompute(
  reply: (reply: ComputeReply) => void,
): (order: ComputeOrder) => void {
  let areas: SharedAreas | undefined;
  return (order) => {
    switch (order.kind) {
      case 'attach':
        areas = order.areas;
        return;
      case 'prepare': {
        const layout = layoutFacts(order.welcome.declared);
        return reply({ kind: 'prepared', layout, notices: [] });
      }
      case 'initial':
        return reply({ kind: 'initial' });
      case 'gradient': {
        if (areas === undefined) throw new Error('asked to compute before the memory is there');
        checkParameters(areas, order.version);
        writeLeaf(areas, order.pointer);
        return reply({ ...order, micros: 1000 });
      }
      case 'evaluate':
        throw new Error('the counted run evaluates nothing');
    }
  };
}

function writeLeaf({ memory }: SharedAreas, pointer: number): void {
  for (const { index, length } of countedBuckets) {
    const place = pointer + (slots.dataOffset[index] ?? 0);
    new Float32Array(memory.buffer, place, length).fill(examplesOfLeaf);
  }
}

/** That what is counted is a real run: the first number of each bucket says of which version it is. */
function checkParameters({ parameters }: SharedAreas, version: number): void {
  const values = parameters[(version % 2) as 0 | 1];
  const firsts = countedBuckets.map(({ offset }) => offset).slice(1);
  const wrong = [...firsts, countedLayout.length - 1].find(
    (place) => values[place] !== -version * learningRate,
  );
  if (wrong === undefined) return;
  throw new Error(`parameter ${wrong} of version ${version} is ${String(values[wrong])}`);
}
