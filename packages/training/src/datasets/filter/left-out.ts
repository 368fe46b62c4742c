/** What a user hears of examples that were left out because the settings say so. */

/** One sentence when some were left out; `by` names the setting. */
export function leftOut(count: number, by: 'where' | 'filter' | 'classes'): readonly string[] {
  if (count === 0) return [];
  const what = count === 1 ? '1 example was' : `${String(count)} examples were`;
  return [`${what} left out by data.${by}`];
}
