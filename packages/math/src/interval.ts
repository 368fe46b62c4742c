/** The whole numbers first, first + 1, ..., end - 1: of microbatches, or of examples in a batch. */
export interface Interval {
  readonly first: number;
  readonly end: number;
}
