/** What a name in a folder of checkpoints stands for; undefined for what is not ours. */
export type FolderName =
  /** `step-7`: a checkpoint. */
  | { readonly kind: 'step'; readonly step: number }
  /** `step-7.partial-123`: one that process 123 is writing or deleting, or was when it ended. */
  | { readonly kind: 'partial'; readonly pid: number }
  /** `step-7.damaged-2`: the second that was moved aside in this folder. */
  | { readonly kind: 'damaged'; readonly number: number }
  /** `term-3`: an empty file; the third life of a server on this folder. */
  | { readonly kind: 'term'; readonly term: number };

/** Name of the checkpoint of a step. */
export function stepName(step: number): string {
  return `step-${String(step)}`;
}

/** Name of the mark of a term. */
export function termName(term: number): string {
  return `term-${String(term)}`;
}

/** Reads a name. */
export function parseFolderName(name: string): FolderName | undefined {
  const [, what, first, how, second] =
    /^(step|term)-(0|[1-9]\d{0,14})(?:\.(partial|damaged)-(\d{1,15}))?$/.exec(name) ?? [];
  if (what === undefined) return undefined;
  if (what === 'term') return how === undefined ? { kind: what, term: Number(first) } : undefined;
  if (how === 'partial') return { kind: how, pid: Number(second) };
  if (how === 'damaged') return { kind: how, number: Number(second) };
  return { kind: 'step', step: Number(first) };
}
