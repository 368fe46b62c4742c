// What the module exports; kernels.ts has the same list with TypeScript's types.
export { add, addChecked, addScaled, copy, isFinite } from './vector';
export { sgd } from './sgd';
