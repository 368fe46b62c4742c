import type { Tensor } from '@tensorflow/tfjs';

import type { Backend } from '../backend/interface.ts';
import { type GradientFault, UnsupportedGradientError } from './errors.ts';
import { adviceByOperation, type RefusedGradient, refusedGradients } from './known-gradients.ts';
import { recordTape, type TapedOperation, type TapeListener } from './tape-recorder.ts';

/** An operation on the tape and the layer that put it there. */
interface Use {
  readonly operation: TapedOperation;
  readonly layer: string | undefined;
}

/**
 * Runs a model's own forward and backward pass once and throws an UnsupportedGradientError when a
 * gradient that training needs is known to be wrong, is missing, or fails.
 *
 * `run` computes one gradient, as of one microbatch; `currentLayer` names the layer at work (see
 * `withLayerNames`). Operations that no gradient passes through do not count. Costs about as much
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

  const refuse = (use: Omit<Use, 'operation'> & { op: string }, finding: Finding): never => {
    throw new UnsupportedGradientError(
      {
        op: use.op,
        layer: use.layer,
        backend: name,
        fault: finding.fault,
        reason: finding.reason,
        advice: finding.advice ?? adviceByOperation[use.op] ?? 'use another operation or backend',
      },
      finding.cause === undefined ? undefined : { cause: finding.cause },
    );
  };

  const blame = ({ operation: { op }, layer }: Use): { op: string; layer: string | undefined } => ({
    op,
    layer,
  });

  return {
    onTaped: (operation) => {
      const use = { operation, layer: currentLayer() };
      const known = findRefused(name, operation);
      if (known?.isForwardWrong === true) refuse(blame(use), forwardIsWrong(name, known));
      return use;
    },

    onKernel: (kernel, runKernel) => {
      try {
        return runKernel();
      } catch (cause) {
        if (cause instanceof UnsupportedGradientError) throw cause;
        const isMissing = (tf.getKernel(kernel, name) as unknown) === undefined;
        if (differentiating !== undefined) {
          if (!isMissing) throw cause;
          return refuse(blame(differentiating), gradientNeeds(name, kernel, cause));
        }
        const use = { op: kernel, layer: currentLayer() };
        return refuse(use, isMissing ? kernelIsMissing(name, cause) : kernelFailed(name, cause));
      }
    },

    onGradient: (use, { input, isNested, compute }) => {
      const { op, hasGradient } = use.operation;
      const known = findRefused(name, use.operation);
      if (known !== undefined) refuse(blame(use), gradientIsWrong(name, known));
      if (!hasGradient) refuse(blame(use), gradientIsMissing());
      if (isNested && savesOutputs(tf, op)) refuse(blame(use), secondOrderIsWrong());
      const outer = differentiating;
      differentiating = use;
      try {
        const gradient = compute();
        checkShape(gradient, use.operation.inputs[input]?.shape);
        return gradient;
      } catch (cause) {
        if (cause instanceof UnsupportedGradientError) throw cause;
        return refuse(blame(use), gradientFailed(name, cause));
      } finally {
        differentiating = outer;
      }
    },
  };
}

function findRefused(
  backend: Backend['name'],
  operation: TapedOperation,
): RefusedGradient | undefined {
  return refusedGradients.find(
    ({ op, backends, applies }) =>
      op === operation.op && backends.includes(backend) && (applies?.(operation) ?? true),
  );
}

/**
 * TensorFlow.js puts the copy of a saved output on the tape before the operation that made it, so
 * a second derivative misses the way through it. Of custom gradients nothing is known.
 */
function savesOutputs(tf: Backend['tf'], op: string): boolean {
  const config = tf.getGradient(op) as ReturnType<Backend['tf']['getGradient']> | undefined;
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
  const condition = when === undefined ? '' : ` (${when})`;
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

function kernelFailed(backend: string, cause: unknown): Finding {
  const reason = `which fails on the ${backend} backend (${messageOf(cause)})`;
  return { fault: 'failed', reason, cause };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
