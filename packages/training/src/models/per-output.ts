/** A setting that may be one for all outputs, a list in their order, or a record by their names. */
import { TrainingError } from '../errors.ts';
import type { Socket } from './match-arrays.ts';

/**
 * One value for each output: a single value is for every output; a list is in their order; a record is by their names,
 * canonical or the user's own, and may leave some out. `isOne` tells a record that is itself a value.
 * @throws {TrainingError} `bad-loss` (or `bad-metric`), naming the field, for a list of another length and for names that are none.
 */
export function perOutput(
  field: string,
  given: unknown,
  outputs: readonly Socket[],
  isOne: (value: object) => boolean = () => false,
): readonly unknown[] {
  if (Array.isArray(given)) {
    if (given.length === outputs.length) return given;
    // compile() without a loss leaves an empty list.
    if (given.length === 0) return outputs.map(() => undefined);
    throw new TrainingError(
      'bad-loss',
      `${field}: ${String(given.length)} given for ${String(outputs.length)} outputs (${namesOf(outputs)})`,
    );
  }
  if (typeof given !== 'object' || given === null || isOne(given)) return outputs.map(() => given);
  const known = new Set(outputs.flatMap(({ name, originalName }) => [name, originalName]));
  const wrong = Object.keys(given).find((name) => !known.has(name));
  if (wrong !== undefined) {
    throw new TrainingError(
      field === 'metrics' ? 'bad-metric' : 'bad-loss',
      `${field}: no output "${wrong}"; outputs: ${namesOf(outputs)}`,
    );
  }
  return outputs.map((output) => byName(given, output));
}

/** What a record has for an output. */
export function byName(record: object, { name, originalName }: Socket): unknown {
  const entries = new Map<string, unknown>(Object.entries(record));
  return entries.get(name) ?? entries.get(originalName);
}

function namesOf(outputs: readonly Socket[]): string {
  return outputs.map((output) => `"${output.name}"`).join(', ');
}
