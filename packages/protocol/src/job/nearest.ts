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

/** The word at the smallest edit distance, if at most a third of the letters are wrong. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const farthest = Math.max(1, Math.floor(word.length / 3));
  let nearest: { readonly word: string; readonly distance: number } | undefined;
  for (const each of known) {
    const distance = editDistance(word.toLowerCase(), each.toLowerCase());
    if (distance <= farthest && (!nearest || distance < nearest.distance)) {
      nearest = { word: each, distance };
    }
  }
  return nearest?.word;
}

/** Insertions, deletions and substitutions between two words (Levenshtein 1966; one row at a time). */
export function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, j) => j);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

function splitPath(path: string): { readonly parent: string; readonly name: string } {
  const dot = path.lastIndexOf('.');
  return { parent: path.slice(0, Math.max(dot, 0)), name: path.slice(dot + 1) };
}
