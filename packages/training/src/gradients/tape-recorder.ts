import type { NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';

/** One operation that TensorFlow.js wrote on its tape. */
export interface TapedOperation {
  readonly op: string;
  readonly attributes: NamedAttrMap;
  readonly inputs: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly dtype: string }>
  >;
  /** False when nobody registered a gradient for it. */
  readonly hasGradient: boolean;
}

/** Hears what TensorFlow.js does while a recording is on. Each may throw, to end it. */
export interface TapeListener<Mark> {
  /** An operation was taped in a forward pass; what this returns is handed back later on. */
  onTaped(operation: TapedOperation): Mark;
  /**
   * The gradient of a taped operation by one of its inputs is needed; `compute` computes it.
   * `isNested` when that happens inside of another gradient's forward pass.
   */
  onGradient(
    mark: Mark,
    gradient: { input: string; isNested: boolean; compute: () => Tensor },
  ): Tensor;
  /** A kernel runs, forward or backward. */
  onKernel<T>(name: string, run: () => T): T;
}

/**
 * Runs `run` with a listener on the tape of TensorFlow.js; afterwards nothing is left behind that
 * would cost anything.
 *
 * The gradient of an operation is asked for only when it lies on a path from the variables to the
 * loss, so what `onGradient` hears is exactly what training depends on.
 */
export function recordTape<Mark>(
  tf: TensorFlow,
  listener: TapeListener<Mark>,
  run: () => void,
): void {
  const engine = tf.engine() as unknown as EngineInside;
  const { addTapeNode, runKernel } = engine;
  engine.runKernel = (name, ...rest) =>
    listener.onKernel(name, () => runKernel.call(engine, name, ...rest));
  engine.addTapeNode = (op, inputs, ...rest) => {
    addTapeNode.call(engine, op, inputs, ...rest);
    const node = engine.state.activeTape?.at(-1);
    if (node !== undefined) listen(engine, node, listener, rest[3] ?? {});
  };
  try {
    run();
  } finally {
    // Own properties shadowed the methods of the class; without them all is as before.
    Reflect.deleteProperty(engine, 'runKernel');
    Reflect.deleteProperty(engine, 'addTapeNode');
  }
}

/** What the engine calls its own; stable since TensorFlow.js 2, and checked by the tests. */
interface EngineInside {
  readonly state: { readonly activeTape: TapeNode[] | null; readonly gradientDepth: number };
  runKernel(name: string, inputs: NamedTensorMap, attributes?: NamedAttrMap): unknown;
  addTapeNode(
    op: string,
    inputs: NamedTensorMap,
    outputs: Tensor[],
    gradient: unknown,
    saved: Tensor[],
    attributes?: NamedAttrMap,
  ): void;
}

interface TapeNode {
  readonly kernelName: string;
  readonly inputs: NamedTensorMap;
  gradient?: (dys: Tensor[]) => Record<string, () => Tensor>;
}

function listen<Mark>(
  engine: EngineInside,
  node: TapeNode,
  listener: TapeListener<Mark>,
  attributes: NamedAttrMap,
): void {
  const { gradient } = node;
  const mark = listener.onTaped({
    op: node.kernelName,
    attributes,
    inputs: describeInputs(node.inputs),
    hasGradient: gradient !== undefined,
  });
  node.gradient = (dys) => {
    // Gradient functions may throw before they know which input they are for, so each input calls
    // its own.
    const compute = (input: string) => (): Tensor => {
      const byInput = gradient?.(dys)[input];
      if (byInput === undefined) throw new Error(`there is no gradient by '${input}'`);
      return byInput();
    };
    return Object.fromEntries(
      Object.keys(node.inputs).map((input) => [
        input,
        () =>
          listener.onGradient(mark, {
            input,
            isNested: engine.state.gradientDepth > 0,
            compute: compute(input),
          }),
      ]),
    );
  };
}

function describeInputs(inputs: NamedTensorMap): TapedOperation['inputs'] {
  return Object.fromEntries(
    Object.entries(inputs as Record<string, Tensor | undefined>).flatMap(([name, tensor]) =>
      tensor === undefined ? [] : [[name, { shape: tensor.shape, dtype: tensor.dtype }]],
    ),
  );
}
