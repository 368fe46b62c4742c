import type { RunEffect } from '../run/effects.ts';
import type { RunState } from '../run/state.ts';
import type { ParametersSender } from './send-parameters.ts';

/** Sends all buckets of a version, and those that are ahead of it. */
export function sendSnapshot(
  { to, version, ahead }: Extract<RunEffect, { kind: 'snapshot' }>,
  { shape }: RunState,
  sender: ParametersSender,
): void {
  for (const bucket of shape?.parameterBuckets ?? []) {
    sender.send('snapshot', { bucket, version, to: [to] });
  }
  for (const bucket of ahead) sender.send('parameters', { bucket, version: version + 1, to: [to] });
}

/** Sends the average of every bucket that has one. */
export function sendAverages(
  { to, version }: Extract<RunEffect, { kind: 'averages' }>,
  { shape }: RunState,
  sender: ParametersSender,
): void {
  for (const { index, section } of shape?.buckets ?? []) {
    if (section === 'trainable') sender.send('average', { bucket: index, version, to: [to] });
  }
}
