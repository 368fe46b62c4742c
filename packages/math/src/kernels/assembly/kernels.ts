// What the module exports; kernels.ts has the same list with TypeScript's types.
export { adagrad, adadelta, rmsprop } from './adaptive';
export { adam, adamax, lambDirection, lion } from './adam';
export { addSquares, applyFactors, divideByRoot } from './adafactor';
export { lars } from './lars';
export { addToBlocks } from './norm';
export { sgd } from './sgd';
export { add, addChecked, addScaled, between, clamped, copy, isFinite, scaled } from './vector';
