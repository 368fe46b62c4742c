/**
 * Sizes in bytes, by hand from docs/protocol.md: the oracle of the counts. A step travels as four buckets: that of the three
 * scalars, upwards only, and three large ones of 200,000, 200,000 and 134,250 numbers.
 */

/** Large buckets of a step. */
export const large = 3;
/** What they have of tensors: the hidden kernel in all three, and the other three tensors in the last. */
export const parts = 6;
/** The numbers of the large buckets: those of every gradient, and of every version of the parameters. */
export const numbers: number = 4 * (200_000 + 200_000 + 134_250);

/** `93 04 87`; term, step, level, index, bucket, dtype, and length in one byte; `c6` and the length again; 3 numbers. */
export const scalarsNode: number = 3 + (6 + 6 + 7 + 7 + 8 + 10 + 8) + 5 + 12;
/** In front of a large bucket's numbers: the same, but for a length in five bytes. */
const nodePrefix = 3 + (6 + 6 + 7 + 7 + 8 + 10 + 12) + 5;
/** `93 15 84`; version, bucket, dtype, length; `c6` and the length again. */
const parametersPrefix = 3 + (9 + 8 + 10 + 12) + 5;
/** `92 16 81`; "bytes" and a number of five bytes. */
export const credit: number = 3 + (6 + 5);

/** Frames of the large buckets, upwards and downwards. */
export const nodes: number = numbers + large * nodePrefix;
export const parameters: number = numbers + large * parametersPrefix;

/** What stands in a frame's place where the frame itself goes through the lane. */
export const reference = 10;
/** "crc" and a number of five bytes, over plain TCP. */
export const checksum = 9;
/** Of a large frame, what lies behind the checksum: `c6`, the length, and the numbers. */
export const behindChecksums: number = numbers + large * 5;

/**
 * In front of a message, by RFC 6455: two bytes, eight more for the length of a large one, and a client's mask of four. A
 * message of 126 bytes to 64 KiB would have two more; there is none.
 */
export const fromServer = { small: 2, large: 10 } as const;
export const fromClient = { small: 6, large: 14 } as const;
