import type { MessageOf } from '@paceline/protocol';
import { bitSettings, firstDifference } from '@paceline/protocol';

/**
 * Why a worker cannot take part in a run: the first difference between its layout and the run's, in words; undefined
 * when they are equal. Settings without effect on the bits may differ. Compared from cause to consequence, so that the sentence names the cause: settings of the
 * job file, data, model, tensors, initial weights, backend, and last the probe (the gradient itself), which catches
 * what no comparison of settings can (a changed function).
 */
export function describeLayoutDifference(
  run: MessageOf<'layout'>,
  candidate: MessageOf<'layout'>,
  o: { readonly bitwise: boolean },
): string | undefined {
  const parts: readonly (readonly [string, unknown, unknown])[] = [
    ['job setting', bitSettings(run.settings), bitSettings(candidate.settings)],
    ['data split', run.splits, candidate.splits],
    ['model', run.topology, candidate.topology],
    ['tensor', run.tensors, candidate.tensors],
    ['metric', run.scalars, candidate.scalars],
    ...(o.bitwise ? bitwiseParts(run, candidate) : []),
  ];
  for (const [what, ours, theirs] of parts) {
    const difference = firstDifference(ours, theirs);
    if (difference !== undefined) {
      const place = difference.path === '' ? what : `${what} ${difference.path}`;
      return `${place}: the run has ${show(difference.left)}, this worker has ${show(difference.right)}`;
    }
  }
  return undefined;
}

function bitwiseParts(
  run: MessageOf<'layout'>,
  candidate: MessageOf<'layout'>,
): readonly (readonly [string, unknown, unknown])[] {
  return [
    ['backend fingerprint', run.fingerprint, candidate.fingerprint],
    ['digest of the initial weights', run.initialDigest, candidate.initialDigest],
    ['probe (digest of the first gradient)', run.probe, candidate.probe],
  ];
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= 120 ? text : `${text.slice(0, 117)}...`;
}
