/** What is wrong with a row, without saying where it is: the reader of the file knows. */
export class RowProblem extends Error {
  override readonly name = 'RowProblem';
  /** For example `column 3 ("age")`; undefined when it is the whole row. */
  readonly place: string | undefined;

  constructor(message: string, place?: string) {
    super(message);
    this.place = place;
  }
}

/** A value as it stands in the file, short enough for a message. */
export function shown(text: string): string {
  return JSON.stringify(text.length <= 40 ? text : `${text.slice(0, 37)}...`);
}
