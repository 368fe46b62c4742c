import { distance } from 'fastest-levenshtein';

/** "Did you mean": the known name that differs least from a wrong one. */

/** The nearest of `names` by edit distance, ignoring case; undefined when none is near. */
export function nearestName(wrong: string, names: readonly string[]): string | undefined {
  const scored = names
    .map((name) => ({ name, edits: distance(wrong.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const [best] = scored;
  return best !== undefined && best.edits <= Math.max(2, wrong.length / 3) ? best.name : undefined;
}
