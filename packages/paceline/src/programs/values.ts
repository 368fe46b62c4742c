import { InvalidArgumentError } from 'commander';

const durationUnitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * A duration with its unit, in milliseconds: `500ms`, `60s`, `1.5m`, `2h`.
 *
 * @throws InvalidArgumentError for anything else; a number without a unit is refused rather than guessed.
 */
export function parseDurationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const unitMs = durationUnitsMs[match?.[2] ?? ''];
  if (match?.[1] === undefined || unitMs === undefined) {
    throw new InvalidArgumentError(
      'It must be a number with a unit (ms, s, m, h), for example 60s.',
    );
  }
  return Number(match[1]) * unitMs;
}

/**
 * A parser of whole numbers that are at least `least`.
 *
 * @throws InvalidArgumentError (the parser) for anything else.
 */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`It must be a whole number >= ${least}.`);
    }
    return value;
  };
}

/** A parser for a flag that may be given several times, or in several lines of a variable; each goes through `parse`. */
export function repeated<T>(
  parse: (text: string) => T,
): (text: string, previous: readonly T[] | undefined) => readonly T[] {
  return (text, previous) => {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return [...(previous ?? []), ...(lines.length === 0 ? [text] : lines).map(parse)];
  };
}

/** An override `a.b=c`; what the field takes is checked with the whole job. */
export function parseOverride(text: string): string {
  if (!/^[A-Za-z][\w.[\]]*=/.test(text)) {
    throw new InvalidArgumentError(
      'It must be FIELD=VALUE, for example optimizer.learningRate=0.01.',
    );
  }
  return text;
}
