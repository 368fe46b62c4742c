import type { Tensor } from '@tensorflow/tfjs';

import type { Backend } from '../backend/interface.ts';
import { type GradientFault, UnsupportedGradientError } from './errors.ts';
import { adviceByOperation, type RefusedGradient, refusedGradients } from './known-gradients.ts';
import { recordTape, type TapedOperation, type TapeListener } from './tape-recorder.ts';

/** An operation and the layer that uses it. */
interface Blamed {
  readonly op: string;
  readonly layer: string | undefined;
}

/** The same, on the tape. */
interface Use extends Blamed {
  readonly operation: TapedOperation;
}

/**
 * Runs a model's own forward and backward pass once and throws an UnsupportedGradientError when a
 * gradient that training needs is known to be wrong, is missing, or fails. Errors of the forward
 * pass are let through, but for kernels that the backend does not have.
 *
 * `run` computes one gradient, as of one microbatch; `currentLayer` names the layer at work (see
 * `models/layer-tracker.ts`). Operations that no gradient passes through do not count. Costs about as much
 * as `run` itself, and nothing afterwards.
 */
export function auditGradients(
  backend: Pick<Backend, 'name' | 'tf'>,
  run: () => void,
  currentLayer: () => string | undefined = () => undefined,
): void {
  recordTape(backend.tf, createAuditor(backend, currentLayer), run);
}

function createAuditor(
  { name, tf }: Pick<Backend, 'name' | 'tf'>,
  currentLayer: () => string | undefined,
): TapeListener<Use> {
  // During a backward pass no layer is at work: blame lies with the one that taped the operation.
  let differentiating: Use | undefined;

  return {
    onTaped: (operation) => {
      const use = { operation, op: operation.op, layer: currentLayer() };
      const known = findRefused(name, operation);
      if (known?.isForwardWrong === true) refuse(name, use, forwardIsWrong(name, known));
      return use;
    },

    onKernel: (kernel, runKernel) => {
      try {
        return runKernel();
      } catch (cause) {
        // A kernel that is there may fail for many reasons, most often wrong shapes: those are
        // errors of the model, in words of their own.
        const isMissing = (tf.getKernel(kernel, name) as unknown) === undefined;
        if (!isMissing || cause instanceof UnsupportedGradientError) throw cause;
        if (differentiating !== undefined) {
          return refuse(name, differentiating, gradientNeeds(name, kernel, cause));
        }
        return refuse(name, { op: kernel, layer: currentLayer() }, kernelIsMissing(name, cause));
      }
    },

    onGradient: (use, { input, isNested, compute }) => {
      refuseKnown({ name, tf }, use, { input, isNested });
      const outer = differentiating;
      differentiating = use;
      try {
        const gradient = compute();
        checkShape(gradient, use.operation.inputs[input]?.shape);
        return gradient;
      } catch (cause) {
        if (cause instanceof UnsupportedGradientError) throw cause;
        return refuse(name, use, gradientFailed(name, cause));
      } finally {
        differentiating = outer;
      }
    },
  };
}

function refuseKnown(
  { name, tf }: Pick<Backend, 'name' | 'tf'>,
  use: Use,
  { input, isNested }: { readonly input: string; readonly isNested: boolean },
): void {
  const known = findRefused(name, use.operation);
  if (known !== undefined) refuse(name, use, gradientIsWrong(name, known));
  if (!use.operation.hasGradient) refuse(name, use, gradientIsMissing());
  if (isNested && losesSecondOrder(tf, use.op, input)) refuse(name, use, secondOrderIsWrong());
}

function refuse(
  backend: Backend['name'],
  { op, layer }: Blamed,
  { fault, reason, advice, cause }: Finding,
): never {
  throw new UnsupportedGradientError(
    {
      op,
      layer,
      backend,
      fault,
      reason,
      advice: advice ?? adviceByOperation[op] ?? 'use another operation or backend',
    },
    cause === undefined ? undefined : { cause },
  );
}

function findRefused(
  backend: Backend['name'],
  operation: TapedOperation,
): RefusedGradient | undefined {
  return refusedGradients.find(
    ({ op, backends }) => op === operation.op && backends.includes(backend),
  );
}

// They save their output, but use it only where its own derivative does not matter. The last two
// are dense layers and convolutions without an activation of their own.
const savedForNothing = new Set([
  'Max',
  'Min',
  'Relu',
  'Pow/a',
  'fusedMatMul__op',
  'fusedConv2d__op',
]);

/**
 * TensorFlow.js puts the copy of a saved output on the tape before the operation that made it, so
 * a second derivative misses the way through it. Of custom gradients nothing is known.
 */
function losesSecondOrder(tf: Backend['tf'], op: string, input: string): boolean {
  const config = tf.getGradient(op) as ReturnType<Backend['tf']['getGradient']> | undefined;
  if (savedForNothing.has(op) || savedForNothing.has(`${op}/${input}`)) return false;
  return config === undefined || (config.outputsToSave ?? []).includes(true);
}

function checkShape(gradient: Tensor, shape: readonly number[] | undefined): void {
  if (shape === undefined || gradient.shape.join() === shape.join()) return;
  throw new Error(
    `its gradient has shape [${gradient.shape.join(', ')}] instead of [${shape.join(', ')}]`,
  );
}

interface Finding {
  readonly fault: GradientFault;
  readonly reason: string;
  readonly advice?: string;
  readonly cause?: unknown;
}

function gradientIsWrong(backend: string, { when, fault, advice }: RefusedGradient): Finding {
  const condition = when === '' ? '' : ` (${when})`;
  return { fault, reason: `whose gradient on the ${backend} backend is wrong${condition}`, advice };
}

function forwardIsWrong(backend: string, { fault, advice }: RefusedGradient): Finding {
  return { fault, reason: `which the ${backend} backend computes wrongly`, advice };
}

function gradientIsMissing(): Finding {
  return { fault: 'missing', reason: 'which has no gradient in TensorFlow.js' };
}

function secondOrderIsWrong(): Finding {
  return {
    fault: 'wrong',
    reason: 'whose second derivative is wrong in TensorFlow.js',
    advice: 'a loss cannot contain a gradient through it',
  };
}

function gradientFailed(backend: string, cause: unknown): Finding {
  const reason = `whose gradient fails on the ${backend} backend (${messageOf(cause)})`;
  return { fault: 'failed', reason, cause };
}

function gradientNeeds(backend: string, kernel: string, cause: unknown): Finding {
  const reason = `whose gradient needs ${kernel}, which the ${backend} backend does not have`;
  return { fault: 'missing', reason, cause };
}

function kernelIsMissing(backend: string, cause: unknown): Finding {
  return { fault: 'missing', reason: `which the ${backend} backend does not have`, cause };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
