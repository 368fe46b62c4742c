/** Bilinear scaling of images. */

/** Pixels of 8 bits, row by row, `channels` bytes each. */
export interface Pixels {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/** The size that is wanted. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/**
 * Writes the image in the wanted size, [height, width, channels] in 0..1. The centres of pixels lie at halves, beyond the edge is
 * the edge (as `align_corners=False` elsewhere); an image of that size is copied. Nothing is smoothed before an image is
 * made smaller.
 */
export function resizeInto(into: Float32Array, image: Pixels, size: ImageSize): void {
  const { channels, data, width } = image;
  const rows = samplesOf(image.height, size.height);
  const columns = samplesOf(width, size.width);
  let at = 0;
  for (const row of rows) {
    const [above, below] = [row.first * width, row.second * width];
    for (const column of columns) {
      const { first, second, share } = column;
      for (let channel = 0; channel < channels; channel += 1) {
        const value = (start: number, place: number): number =>
          data[(start + place) * channels + channel] ?? 0;
        const top = mix(value(above, first), value(above, second), share);
        const bottom = mix(value(below, first), value(below, second), share);
        into[at] = mix(top, bottom, row.share) / 255;
        at += 1;
      }
    }
  }
}

/** Two neighbours, and how much of the second is taken. */
interface Sample {
  readonly first: number;
  readonly second: number;
  readonly share: number;
}

function samplesOf(from: number, to: number): readonly Sample[] {
  return Array.from({ length: to }, (_, i) => {
    const place = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    const first = Math.floor(place);
    return { first, second: Math.min(first + 1, from - 1), share: place - first };
  });
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
