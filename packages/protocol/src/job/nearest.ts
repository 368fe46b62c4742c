import { distance as levenshtein } from 'fastest-levenshtein';

/**
 * The known path that a wrong one most likely meant: a sibling of a similar name, else a field of that
 * very name elsewhere in the job. Undefined when nothing is near.
 */
export function nearestPath(path: string, known: readonly string[]): string | undefined {
  const { parent, name } = splitPath(path);
  const siblings = known.filter((each) => each !== path && splitPath(each).parent === parent);
  const sibling = nearestWord(
    name,
    siblings.map((each) => splitPath(each).name),
  );
  if (sibling !== undefined) return parent === '' ? sibling : `${parent}.${sibling}`;
  return known.find((each) => each !== path && splitPath(each).name === name);
}

/** The word at the smallest edit distance, if two letters (one of a short word), or a third, are wrong at most. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const farthest = Math.max(word.length < 4 ? 1 : 2, Math.floor(word.length / 3));
  let nearest: { readonly word: string; readonly distance: number } | undefined;
  for (const each of known) {
    const distance = levenshtein(word.toLowerCase(), each.toLowerCase());
    if (distance <= farthest && (!nearest || distance < nearest.distance)) {
      nearest = { word: each, distance };
    }
  }
  return nearest?.word;
}

function splitPath(path: string): { readonly parent: string; readonly name: string } {
  const dot = path.lastIndexOf('.');
  return { parent: path.slice(0, Math.max(dot, 0)), name: path.slice(dot + 1) };
}
