import { createLayout, planBuckets } from '@paceline/math';
import { encodeTensorMessage, peekTensor, tensorHeadroomBytes } from '@paceline/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ParameterAreas } from '../../src/communication/parameter-areas.ts';
import { createParameterAreas } from '../../src/communication/parameter-areas.ts';

const layout = createLayout([
  { name: 'w', shape: [4], section: 'trainable' },
  { name: 'fixed', shape: [2], section: 'frozen' },
]);
const buckets = planBuckets(layout, 8); // two of w, one of the frozen tensor
let areas: ParameterAreas;

beforeEach(() => {
  areas = createParameterAreas(layout, buckets);
});

function payload(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

function read(area: 0 | 1): readonly number[] {
  return [...areas.vectors[area]];
}

test('version v lies in area v modulo 2, and what is frozen in both', () => {
  expect(areas.write(0, 0, payload(1, 2))).toEqual([{ bucket: 0, version: 0 }]);
  areas.write(1, 1, payload(3, 4));
  areas.write(2, 0, payload(8, 9));
  expect(read(0)).toEqual([1, 2, 0, 0, 8, 9]);
  expect(read(1)).toEqual([0, 0, 3, 4, 8, 9]);
});

test('a bucket that arrives while its area is being read touches nothing until the reader is done', () => {
  areas.write(0, 0, payload(1, 2));
  areas.hold(0);
  areas.hold(0);
  expect(areas.write(0, 2, payload(5, 6))).toEqual([]);
  expect(areas.write(0, 1, payload(3, 4))).toEqual([{ bucket: 0, version: 1 }]);
  expect(areas.release(0)).toEqual([]);
  expect(read(0).slice(0, 2)).toEqual([1, 2]);
  expect(areas.release(0)).toEqual([{ bucket: 0, version: 2 }]);
  expect(read(0).slice(0, 2)).toEqual([5, 6]);
});

test('of what waits aside only the newest version of a bucket counts', () => {
  areas.hold(1);
  areas.write(1, 3, payload(1, 1));
  areas.write(1, 5, payload(2, 2));
  expect(areas.release(1)).toEqual([{ bucket: 1, version: 5 }]);
  expect(read(1).slice(2, 4)).toEqual([2, 2]);
});

test("the payload that waits aside is a copy: the socket's buffer is used again", () => {
  const buffer = payload(7, 7);
  areas.hold(1);
  areas.write(0, 3, buffer);
  buffer.fill(0);
  areas.release(1);
  expect(read(1).slice(0, 2)).toEqual([7, 7]);
});

describe('a frame of parameters that is read into its area', () => {
  const frameOf = (bucket: number, version: number, ...values: readonly number[]): Uint8Array => {
    const shape = { dtype: 'f32', length: values.length } as const;
    return encodeTensorMessage(
      { kind: 'parameters', bucket, version, ...shape },
      payload(...values),
    );
  };
  /** As a lane does it: the numbers of the frame, where they have come to lie. */
  const land = (frame: Uint8Array): Uint8Array | undefined => {
    const head = peekTensor(frame.slice(0, tensorHeadroomBytes));
    if (head === undefined) return undefined;
    const area = areas.landing(head, frame.length);
    area?.set(frame);
    return area?.subarray(head.dataOffset);
  };

  test('has its numbers in their place, and leaves those before it alone', () => {
    areas.write(0, 1, payload(1, 2));
    const landed = land(frameOf(1, 1, 3, 4));
    expect(landed?.buffer).toBe(areas.vectors[1].buffer);
    expect(areas.write(1, 1, landed ?? payload())).toEqual([{ bucket: 1, version: 1 }]);
    expect(read(1)).toEqual([1, 2, 3, 4, 0, 0]);
    const first = land(frameOf(0, 3, 5, 6));
    expect(areas.write(0, 3, first ?? payload())).toEqual([{ bucket: 0, version: 3 }]);
    expect(read(1)).toEqual([5, 6, 3, 4, 0, 0]);
  });

  test('leaves what is before it alone as well when nothing comes of it', () => {
    areas.write(0, 1, payload(1, 2));
    land(frameOf(1, 1, 3, 4));
    areas.hold(1);
    expect(read(1).slice(0, 2)).toEqual([1, 2]);
    areas.release(1);
    land(frameOf(1, 1, 3, 4));
    areas.write(0, 3, payload(7, 8));
    expect(read(1).slice(0, 2)).toEqual([7, 8]);
  });

  test('lies elsewhere while its area is read, when it is frozen, and when it is none of these', () => {
    areas.hold(0);
    expect(land(frameOf(0, 2, 1, 2))).toBeUndefined();
    expect(land(frameOf(0, 0, 1, 2))).toBeDefined();
    expect(land(frameOf(2, 1, 1, 2))).toBeUndefined(); // frozen
    expect(land(frameOf(7, 1, 1, 2))).toBeUndefined(); // no such bucket
    expect(land(frameOf(0, 1, 1, 2, 3))).toBeUndefined(); // of another length
    const head = peekTensor(frameOf(0, 1, 1, 2));
    expect(head && areas.landing(head, 1000)).toBeUndefined();
    const other = { kind: 'initial', bucket: 0, dtype: 'f32', length: 2 } as const;
    expect(land(encodeTensorMessage(other, payload(1, 2)))).toBeUndefined();
  });
});
