import type { TensorFlow } from '@paceline/training';

import type { FitCallback, FitHooks, FitLogs, FitModel, FitParams } from './types.ts';

/** All callbacks of a call, told one after the other. */
export interface Callbacks {
  /** There is one: the run waits for it at the end of each epoch. */
  readonly areThere: boolean;
  /** One wants to know of batches. */
  readonly ofBatches: boolean;
  /** Tells all of them; resolves when the last one is done. */
  tell(hook: 'onTrainBegin' | 'onTrainEnd'): Promise<void>;
  tell(hook: NumberedHook, index: number, logs: FitLogs): Promise<void>;
}

type NumberedHook = Exclude<keyof FitHooks, 'onTrainBegin' | 'onTrainEnd'>;
type Hook = (...values: readonly unknown[]) => void | Promise<void>;

/** Binds callbacks to a model. A `tf.Callback` is told of the model and the arguments, as `fit` does. */
export function bindCallbacks(
  tf: TensorFlow,
  given: FitCallback | readonly FitCallback[] | undefined | null,
  { model, params }: { readonly model: FitModel; readonly params: FitParams },
): Callbacks {
  const all = [given ?? []].flat() as readonly FitCallback[];
  for (const each of all) {
    if (!('setModel' in each)) continue;
    each.setParams(params as never);
    each.setModel(model as never);
  }
  return {
    areThere: all.length > 0,
    ofBatches: all.some(
      (each) => hearsOf(tf, each, 'onBatchBegin') || hearsOf(tf, each, 'onBatchEnd'),
    ),
    async tell(name: keyof FitHooks, ...values: readonly unknown[]) {
      for (const each of all) {
        // Those of `onTrainBegin` and `onTrainEnd` are empty.
        const hook = each[name] as Hook | undefined;
        await hook?.call(each, ...(values.length === 0 ? [{}] : values));
      }
    },
  };
}

/** A class has all methods; those of the base class do nothing. */
function hearsOf(tf: TensorFlow, callback: FitCallback, name: keyof FitHooks): boolean {
  const base = tf.Callback.prototype as unknown as FitHooks;
  return callback[name] !== undefined && callback[name] !== base[name];
}
