/**
 * Sums vectors as a run does: in the fixed binary tree over their indices, Float32, left + right; a node with one
 * child is a copy of it. Level by level this is: neighbours are added, an odd one out moves up. The inputs stay.
 */
export function sumInTree(leaves: readonly Float32Array[]): Float32Array {
  const [first, ...rest] = leaves;
  if (first === undefined) throw new RangeError('there is nothing to sum');
  if (rest.length === 0) return first;
  const parents: Float32Array[] = [];
  for (let i = 0; i < leaves.length; i += 2) {
    const left = leaves[i];
    const right = leaves[i + 1];
    if (left !== undefined) parents.push(right === undefined ? left : add(left, right));
  }
  return sumInTree(parents);
}

// A Float32Array rounds once; the sum of two floats in double precision is exact enough for that to be IEEE addition.
function add(left: Float32Array, right: Float32Array): Float32Array {
  return left.map((value, i) => value + (right[i] ?? Number.NaN));
}
