/** Something to measure: what it does once, and how many bytes it moves by that. */
export interface Subject {
  readonly name: string;
  /** Bytes read and written by one run, so that work on different numbers of operands compares. */
  readonly bytes: number;
  /** A run; where it waits for something, its promise. */
  readonly run: () => unknown;
}

/** Subjects on the same bytes. The first is the limit: what the machine can do at all. */
export interface Contest {
  /** For example the size of a bucket. */
  readonly name: string;
  readonly subjects: readonly Subject[];
  /** Gives back what the subjects hold. */
  readonly dispose?: () => unknown;
}

/** How fast a subject was. */
export interface Figure {
  readonly contest: string;
  readonly subject: string;
  /** Median of a run. */
  readonly micros: number;
  readonly gigabytesPerSecond: number;
  /** Of the limit's speed: 1 is as fast as the machine can. */
  readonly shareOfLimit: number;
}

export const kibibyte = 1024;
export const mebibyte: number = 1024 * kibibyte;

/** `65536` -> `64 KiB`. */
export function sizeName(bytes: number): string {
  if (bytes < kibibyte) return `${bytes} B`;
  return bytes < mebibyte ? `${bytes / kibibyte} KiB` : `${bytes / mebibyte} MiB`;
}
