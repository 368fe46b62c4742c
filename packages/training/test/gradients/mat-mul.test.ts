import { gradientSuite, type NamedCase } from './gradient-suite.ts';
import { createTensor } from './finite-differences.ts';

// Batches, rows, inner extent, columns. The last three are large enough for XNNPACK on wasm.
const shapes = [
  { a: [], b: [], m: 3, k: 5, n: 4 },
  { a: [2], b: [2], m: 3, k: 5, n: 4 },
  { a: [2, 3], b: [2, 3], m: 2, k: 1, n: 3 },
  { a: [2, 3], b: [3], m: 2, k: 3, n: 2 },
  { a: [1], b: [3], m: 2, k: 3, n: 2 },
  { a: [2], b: [2], m: 5, k: 700, n: 5 },
  { a: [], b: [], m: 1, k: 5500, n: 3 },
  { a: [], b: [], m: 33, k: 17, n: 40 },
];

const cases = shapes.flatMap(({ a, b, m, k, n }) =>
  [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ].map(([transposeA, transposeB]): NamedCase => {
    const words = `${transposeA === true ? 'a^T' : 'a'} . ${transposeB === true ? 'b^T' : 'b'}`;
    return {
      name: `${words} of [${[...a, m, k].join()}] and [${[...b, k, n].join()}]`,
      make: (tf) => ({
        inputs: [
          createTensor(tf, [...a, ...(transposeA === true ? [k, m] : [m, k])], 1),
          createTensor(tf, [...b, ...(transposeB === true ? [n, k] : [k, n])], 2),
        ],
        compute: (x, y) => tf.matMul(x, y, transposeA, transposeB),
      }),
    };
  }),
);

gradientSuite('the gradient of a matrix product is right', cases);
