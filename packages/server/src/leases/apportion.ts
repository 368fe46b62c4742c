/** A contiguous run of microbatches (or evaluation blocks): `first <= i < end`. */
export interface LeaseRange {
  readonly first: number;
  readonly end: number;
}

/**
 * Cuts `range` into `parts` contiguous pieces whose sizes differ by at most one; pieces may be empty.
 * Piece p is [first + floor(p n / parts), first + floor((p + 1) n / parts)).
 */
export function apportion(range: LeaseRange, parts: number): readonly LeaseRange[] {
  const size = range.end - range.first;
  const cut = (part: number): number => range.first + Math.floor((part * size) / parts);
  return Array.from({ length: parts }, (_, part) => ({ first: cut(part), end: cut(part + 1) }));
}

/** Whether two ranges name the same microbatches. */
export function isSameRange(a: LeaseRange | undefined, b: LeaseRange | undefined): boolean {
  return a === b || (a?.first === b?.first && a?.end === b?.end);
}

/** Whether a range holds nothing. */
export function isEmptyRange(range: LeaseRange): boolean {
  return range.end <= range.first;
}

/** The parts of `ranges` that none of `taken` covers, in ascending order and merged. */
export function subtractRanges(
  ranges: readonly LeaseRange[],
  taken: readonly LeaseRange[],
): readonly LeaseRange[] {
  return taken.reduce<readonly LeaseRange[]>(
    (left, cut) => left.flatMap((range) => subtractOne(range, cut)),
    mergeRanges(ranges),
  );
}

/** The union of ranges as maximal runs in ascending order. */
export function mergeRanges(ranges: readonly LeaseRange[]): readonly LeaseRange[] {
  const merged: LeaseRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.first - b.first)) {
    if (isEmptyRange(range)) continue;
    const last = merged.at(-1);
    if (last !== undefined && range.first <= last.end) {
      merged[merged.length - 1] = { first: last.first, end: Math.max(last.end, range.end) };
    } else {
      merged.push(range);
    }
  }
  return merged;
}

function subtractOne(range: LeaseRange, cut: LeaseRange): readonly LeaseRange[] {
  const before = { first: range.first, end: Math.min(range.end, cut.first) };
  const after = { first: Math.max(range.first, cut.end), end: range.end };
  return [before, after].filter((piece) => !isEmptyRange(piece));
}
