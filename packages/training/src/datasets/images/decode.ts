/** PNG and JPEG files as pixels. */
import { readFileSync } from 'node:fs';
import { decode as decodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import { messageOf } from '../../errors.ts';
import { RowProblem } from '../rows/row-problem.ts';
import type { Pixels } from './resize.ts';

/** Grey or colour; what is transparent is taken for what it would be if it were not. */
export type Channels = 1 | 3;

/**
 * Reads and decodes a file; which kind it is its first bytes say. Grey is 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601),
 * rounded. A rotation that a camera noted is not applied.
 * @throws {RowProblem} when it is damaged or neither PNG nor JPEG.
 */
export function decodeImage(path: string, channels: Channels): Pixels {
  const bytes = readBytes(path);
  const { width, height, data } = decode(bytes);
  const pixels = new Uint8Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const [red = 0, green = 0, blue = 0] = data.subarray(4 * pixel, 4 * pixel + 3);
    if (channels === 1) pixels[pixel] = Math.round((299 * red + 587 * green + 114 * blue) / 1000);
    else pixels.set([red, green, blue], 3 * pixel);
  }
  return { width, height, channels, data: pixels };
}

interface Decoded {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, opacity. */
  readonly data: Uint8Array;
}

const mostMegabytes = 1024;

function decode(bytes: Buffer): Decoded {
  try {
    if (bytes.subarray(1, 4).toString('latin1') === 'PNG') return PNG.sync.read(bytes);
    if (bytes[0] === 0xff && bytes[1] === 0xd8) {
      return decodeJpeg(bytes, {
        useTArray: true,
        formatAsRGBA: true,
        tolerantDecoding: false,
        maxMemoryUsageInMB: mostMegabytes,
      });
    }
  } catch (error) {
    throw new RowProblem(`the image cannot be decoded: ${messageOf(error)}`);
  }
  throw new RowProblem('it is neither PNG nor JPEG');
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new RowProblem(`the image cannot be read: ${messageOf(error)}`);
  }
}
