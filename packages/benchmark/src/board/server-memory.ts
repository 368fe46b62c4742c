const bytesOfNumber = 4;

/** Versions and sums of every parameter: what arrives, what is being summed, and the two that are sent and updated. */
const vectors = 4;

/** What a server of plain SGD holds of the numbers themselves, with two microbatches: the rest is what it costs. */
export function serverNumbersBytes(parameters: number): number {
  return parameters * bytesOfNumber * vectors;
}
