import type { Tensor } from '@tensorflow/tfjs';

import type { TensorFlow } from '../../src/backend/interface.ts';
import { createDistinctTensor, createTensor } from './finite-differences.ts';
import { gradientSuite, type NamedCase } from './gradient-suite.ts';

/** Operations of one input of a shape. */
function onShape(
  name: string,
  shape: readonly number[],
  compute: (tf: TensorFlow, x: never) => Tensor,
): NamedCase {
  return {
    name,
    make: (tf) => ({
      inputs: [createTensor(tf, shape, 1)],
      compute: (x) => compute(tf, x as never),
    }),
  };
}

const indices = (tf: TensorFlow, values: number[], shape: number[]): never =>
  tf.tensor(values, shape, 'int32') as never;

gradientSuite('the gradient of gathering is right', [
  onShape('rows of a table, some twice (embedding)', [4, 3], (tf, x) =>
    tf.gather(x, indices(tf, [0, 2, 2, 1], [2, 2])),
  ),
  onShape('along an inner axis', [2, 4, 3], (tf, x) =>
    tf.gather(x, indices(tf, [3, 3, 0], [3]), 1),
  ),
  onShape('with one batch axis', [2, 4, 3], (tf, x) =>
    tf.gather(x, indices(tf, [0, 2, 3, 3], [2, 2]), 1, 1),
  ),
  onShape('with one batch axis, further in', [2, 3, 4], (tf, x) =>
    tf.gather(x, indices(tf, [0, 2, 3, 3], [2, 2]), 2, 1),
  ),
  onShape('with two batch axes', [2, 2, 4], (tf, x) =>
    tf.gather(x, indices(tf, [0, 3, 1, 1, 2, 0, 0, 1], [2, 2, 2]), 2, 2),
  ),
  onShape('unsortedSegmentSum, some rows left out', [4, 2], (tf, x) =>
    tf.unsortedSegmentSum(x, indices(tf, [2, -1, 0, 2], [4]), 3),
  ),
]);

gradientSuite('the gradient of gatherND and scatterND is right', [
  onShape('gatherND of cells, one twice', [3, 4], (tf, x) =>
    tf.gatherND(x, indices(tf, [0, 1, 2, 3, 0, 1], [3, 2])),
  ),
  onShape('gatherND of rows', [3, 4], (tf, x) => tf.gatherND(x, indices(tf, [2, 2, 0], [3, 1]))),
  onShape('scatterND of rows, two to one place', [3, 2], (tf, x) =>
    tf.scatterND(indices(tf, [0, 2, 0], [3, 1]), x, [4, 2] as never),
  ),
]);

const sizes: [number, number][] = [
  [7, 9],
  [2, 3],
  [10, 4],
  [5, 4],
  [1, 1],
];
const samplings = [
  [false, false],
  [true, false],
  [false, true],
] as const;

gradientSuite(
  'the gradient of resizing an image of 5x4 is right',
  sizes.flatMap((size) =>
    samplings.flatMap(([alignCorners, halfPixelCenters]) =>
      (['resizeNearestNeighbor', 'resizeBilinear'] as const).map((op) =>
        onShape(
          `${op} to ${size.join('x')}, alignCorners ${alignCorners}, halfPixelCenters ${halfPixelCenters}`,
          [2, 5, 4, 2],
          (tf, x) => tf.image[op](x, size, alignCorners, halfPixelCenters),
        ),
      ),
    ),
  ),
);

gradientSuite(
  'the gradient of mirror padding is right',
  (['reflect', 'symmetric'] as const).flatMap((mode) => [
    onShape(`${mode}, a matrix`, [4, 3], (tf, x) =>
      tf.mirrorPad(
        x,
        [
          [1, 2],
          [2, 1],
        ],
        mode,
      ),
    ),
    onShape(`${mode}, one side of an image`, [2, 4, 3, 2], (tf, x) =>
      tf.mirrorPad(
        x,
        [
          [0, 0],
          [3, 0],
          [0, 2],
          [0, 0],
        ],
        mode,
      ),
    ),
  ]),
);

gradientSuite(
  'the gradient of a cumulative sum is right',
  [0, 1, 2, -1, -2].flatMap((axis) =>
    [false, true].flatMap((exclusive) =>
      [false, true].map((reverse) =>
        onShape(`axis ${axis}, exclusive ${exclusive}, reverse ${reverse}`, [3, 3, 3], (tf, x) =>
          tf.cumsum(x, axis, exclusive, reverse),
        ),
      ),
    ),
  ),
);

gradientSuite(
  'the gradient of batch normalisation is right',
  [[2], [1, 1, 1, 2], [1, 3, 1, 1], [2, 1, 1, 2], [2, 3, 3, 2]].flatMap((statistics) =>
    [
      { words: 'scale and offset', scale: true, offset: true },
      { words: 'no scale', scale: false, offset: true },
      { words: 'no offset', scale: true, offset: false },
      { words: 'neither', scale: false, offset: false },
    ].map(({ words, scale, offset }): NamedCase => ({
      name: `statistics of [${statistics.join()}], ${words}`,
      make: (tf) => ({
        inputs: [
          createTensor(tf, [2, 3, 3, 2], 1),
          ...[2, 3, 4, 5].map((seed) => createTensor(tf, statistics, seed)),
        ],
        compute: (x, mean, variance, a, b) => {
          const normal = tf.batchNorm(
            x,
            mean,
            tf.add<never>(variance as never, 2),
            offset ? (a as never) : undefined,
            scale ? (b as never) : undefined,
          );
          // All inputs have some part in the output, as the check asks of them.
          return tf.add(normal, tf.add(tf.sum(a as never), tf.sum(b as never)));
        },
      }),
    })),
  ),
);

const pair = (a: readonly number[], b: readonly number[]) => (tf: TensorFlow) => [
  createDistinctTensor(tf, a, 1),
  // Never within a step of the first.
  tf.tidy(() => tf.add(tf.mul(createDistinctTensor(tf, b, 2), 1.01), 0.013)),
];

gradientSuite(
  'the gradient of an operation that broadcasts is right',
  (['maximum', 'minimum', 'squaredDifference'] as const).flatMap((op) =>
    [
      { a: [3, 4], b: [3, 4] },
      { a: [3, 4], b: [4] },
      { a: [3, 1], b: [2, 3, 4] },
      { a: [], b: [2, 2] },
    ].map(({ a, b }): NamedCase => ({
      name: `${op} of [${a.join()}] and [${b.join()}]`,
      make: (tf) => ({
        inputs: pair(a, b)(tf),
        step: 0.0005,
        compute: (x, y) => tf[op](x, y),
      }),
    })),
  ),
);

gradientSuite('comparisons have a gradient of zero', [
  ...(['greater', 'greaterEqual', 'less', 'lessEqual', 'equal', 'notEqual'] as const).map(
    (op): NamedCase => ({
      name: `where ${op}`,
      make: (tf) => ({
        inputs: pair([3, 4], [3, 4])(tf),
        step: 0.0005,
        compute: (x, y) =>
          tf.where(tf[op](x as never, y as never), tf.mul(x as never, 2), tf.square(y as never)),
      }),
    }),
  ),
  {
    name: 'where not, and, or',
    make: (tf) => ({
      inputs: pair([3, 4], [3, 4])(tf),
      step: 0.0005,
      compute: (x, y) => {
        const isOutside = tf.logicalNot(
          tf.logicalAnd(tf.greater(x as never, 0), tf.less(y as never, 0)),
        );
        const isChosen = tf.logicalOr(isOutside, tf.greater(x as never, 1));
        return tf.where(isChosen, tf.mul(x as never, 2), tf.square(y as never));
      },
    }),
  },
  {
    name: 'masking of rows that are all zero',
    make: (tf) => ({
      inputs: [tf.tensor2d([0, 0, 1, 2, 0, 3], [3, 2])],
      step: 0.0005,
      compute: (x) => {
        const isUsed = tf.any(tf.notEqual(x as never, -5), 1, true);
        return tf.mul(tf.square(x as never), tf.cast(isUsed, 'float32'));
      },
    }),
  },
]);

gradientSuite('casts to whole numbers and truth values have a gradient of zero', [
  {
    name: 'to int32',
    make: (tf) => ({
      inputs: [createDistinctTensor(tf, [3, 4], 1)],
      step: 0.0005,
      compute: (x) => tf.mul(x, tf.cast(tf.cast(tf.mul(x as never, 3), 'int32'), 'float32')),
    }),
  },
  {
    name: 'to bool',
    make: (tf) => ({
      inputs: [createDistinctTensor(tf, [3, 4], 1)],
      step: 0.0005,
      compute: (x) => tf.mul(x, tf.cast(tf.cast(tf.relu(x as never), 'bool'), 'float32')),
    }),
  },
]);
