/** The backward pass over what TensorFlow.js has taped of a forward pass. */
import type { NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs';
import type { TensorFlow } from './backend/interface.ts';

/** What a backward pass finds, as soon as it is final. A gradient is given back after the call, the scalar by the caller's tidy. */
export interface BackwardEvents {
  /** The scalar itself: the forward pass is done. */
  readonly onValue: (value: Scalar) => void;
  /**
   * The gradient by the variable at `index`; undefined where the scalar does not depend on it. Called once for each: those
   * that the forward pass needed last are final first.
   */
  readonly onGradient: (index: number, gradient: Tensor | undefined) => void;
}

/**
 * Reverse-mode differentiation (Griewank & Walther, "Evaluating Derivatives", 2008, chapter 3): the operations of `loss`
 * in reverse, each of which adds its share to the gradients of its inputs.
 *
 * The sums are those of `tf.variableGrads`, in the same order. But every tensor is given back as soon as nobody needs it any
 * more, while the caches still have its memory, and what the tape leads through is found in one pass over it. Not
 * to be called inside of another gradient.
 */
export function backward(
  tf: TensorFlow,
  variables: readonly Variable[],
  loss: () => Scalar,
  { onValue, onGradient }: BackwardEvents,
): void {
  const engine = tf.engine() as unknown as TapingEngine;
  const value = tape(tf, engine, loss);
  onValue(value);
  const nodes = engine.state.activeTape ?? [];
  const dependent = dependentOn(variables, nodes);
  const gradients: Gradients = new Map([[value.id, tf.ones(value.shape)]]);
  const hand = (index: number): void => {
    const id = variables[index]?.id ?? NaN;
    onGradient(index, gradients.get(id));
    gradients.get(id)?.dispose();
    gradients.delete(id);
  };
  const { byNode, unused } = finalAfter(variables, nodes);
  for (let node = nodes.at(-1); node !== undefined; node = nodes.at(-1)) {
    propagate(tf, node, { gradients, dependent });
    for (const tensor of node.saved) tensor.dispose();
    // Until here an error leaves it to `dropTape`.
    nodes.pop();
    byNode.get(node)?.forEach(hand);
  }
  unused.forEach(hand);
}

/** Gives back what an error has left on the tape. */
export function dropTape(tf: TensorFlow): void {
  const { state } = tf.engine() as unknown as TapingEngine;
  if (state.gradientDepth > 0) return;
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved);
  state.activeTape = [];
}

/** What the engine of TensorFlow.js calls its own; stable since version 2, and checked by the tests. */
interface TapingEngine {
  readonly state: { activeTape: TapeNode[] | null; readonly gradientDepth: number };
  /** Tensors are numbered in the order in which they are made. */
  nextTensorId(): number;
  startTape(): void;
  endTape(): void;
}

interface TapeNode {
  readonly kernelName: string;
  readonly inputs: NamedTensorMap;
  readonly outputs: readonly Tensor[];
  /** Tensors that its gradient function reads. */
  readonly saved: Tensor[];
  readonly gradient?: (dys: readonly (Tensor | null)[]) => Record<string, () => Tensor>;
}

/** By the number of the tensor that the scalar is differentiated by. */
type Gradients = Map<number, Tensor>;

function tape(tf: TensorFlow, engine: TapingEngine, loss: () => Scalar): Scalar {
  engine.startTape();
  try {
    return tf.tidy(loss);
  } finally {
    engine.endTape();
  }
}

/** The numbers of all tensors that were computed from the variables, those included. */
function dependentOn(
  variables: readonly Variable[],
  nodes: readonly TapeNode[],
): ReadonlySet<number> {
  const dependent = new Set(variables.map(({ id }) => id));
  for (const { inputs, outputs } of nodes) {
    const isDependent = Object.values(inputs).some(({ id }) => dependent.has(id));
    if (isDependent) for (const { id } of outputs) dependent.add(id);
  }
  return dependent;
}

/**
 * The variables (by index) whose gradients are final when a node has been passed: on the way back it is the last that used
 * them. And those that no node uses.
 */
function finalAfter(
  variables: readonly Variable[],
  nodes: readonly TapeNode[],
): { readonly byNode: ReadonlyMap<TapeNode, number[]>; readonly unused: ReadonlySet<number> } {
  const unused = new Map(variables.map(({ id }, index) => [id, index]));
  const byNode = new Map<TapeNode, number[]>();
  for (const node of nodes) {
    for (const { id } of Object.values(node.inputs)) {
      const index = unused.get(id);
      if (index === undefined) continue;
      unused.delete(id);
      byNode.set(node, [...(byNode.get(node) ?? []), index]);
    }
  }
  return { byNode, unused: new Set(unused.values()) };
}

function propagate(
  tf: TensorFlow,
  node: TapeNode,
  {
    gradients,
    dependent,
  }: { readonly gradients: Gradients; readonly dependent: ReadonlySet<number> },
): void {
  const engine = tf.engine() as unknown as TapingEngine;
  const dys = node.outputs.map(({ id }) => gradients.get(id) ?? null);
  const wanted = Object.entries(node.inputs).filter(([, { id }]) => dependent.has(id));
  if (wanted.length === 0 || dys.every((dy) => dy === null)) return;
  const dxs = tf.tidy(() => {
    const firstNew = engine.nextTensorId();
    const byInput = gradientOf(node)(dys);
    return wanted.map(([name, input]) => {
      const dx = checked(tf, node, { name, input, gradient: byInput[name] });
      // What was there before, such as the gradient of the output, is not ours to give back.
      return dx.id < firstNew ? dx.clone() : dx;
    });
  });
  wanted.forEach(([, { id }], index) => {
    const dx = dxs[index];
    if (dx !== undefined) add(tf, gradients, { id, dx });
  });
  for (const { id } of node.outputs) {
    gradients.get(id)?.dispose();
    gradients.delete(id);
  }
}

function add(
  tf: TensorFlow,
  gradients: Gradients,
  { id, dx }: { readonly id: number; readonly dx: Tensor },
): void {
  const before = gradients.get(id);
  gradients.set(id, before === undefined ? dx : tf.add(before, dx));
  if (before === undefined) return;
  before.dispose();
  dx.dispose();
}

function gradientOf({ kernelName, gradient }: TapeNode): NonNullable<TapeNode['gradient']> {
  if (gradient !== undefined) return gradient;
  throw new Error(`Cannot compute gradient: gradient function not found for ${kernelName}.`);
}

function checked(
  tf: TensorFlow,
  { kernelName }: TapeNode,
  o: {
    readonly name: string;
    readonly input: Tensor;
    readonly gradient: (() => Tensor) | undefined;
  },
): Tensor {
  if (o.gradient === undefined) {
    throw new Error(`Cannot backprop through input ${o.name} of ${kernelName}.`);
  }
  const dx = o.gradient();
  if (dx.dtype === 'float32' && tf.util.arraysEqual(dx.shape, o.input.shape)) return dx;
  const found = `${dx.dtype} [${dx.shape.join(', ')}]`;
  throw new Error(
    `Error in gradient for op ${kernelName}: that by ${o.name}, [${o.input.shape.join(', ')}], is ${found}`,
  );
}
