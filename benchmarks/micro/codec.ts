/**
 * How fast messages become frames and frames messages, against a memcpy of the same bytes.
 *
 *     node --conditions=paceline-source benchmarks/micro/codec.ts [--json]
 */
import {
  decodeMessage,
  encodeMessage,
  encodeTensorMessage,
  tensorHeadroomBytes,
  writeTensorPrefix,
} from '@paceline/protocol';
import type { ControlMessage, TensorHeader } from '@paceline/protocol';
import { compare } from './support/compare.ts';
import { kibibyte, mebibyte, sizeName } from './support/subject.ts';
import type { Contest, Subject } from './support/subject.ts';

const heartbeat: ControlMessage = {
  ...{ kind: 'heartbeat', phase: 'compute', step: 300 },
  ...{ busyMs: 12, leafMicros: 4100 },
};
const credit: ControlMessage = { kind: 'credit', bytes: 2 ** 21 };

await compare('codec', [
  ...[12, 64 * kibibyte, mebibyte].map(tensors),
  control(heartbeat, 'worker'),
  control(credit, 'server'),
]);

/** The bytes of a frame, copied. */
function memcpy(bytes: number): Subject {
  const [from, into] = [Buffer.alloc(bytes, 1), Buffer.alloc(bytes)];
  return { name: 'memcpy', bytes, run: () => into.fill(from) };
}

function tensors(bytes: number): Contest {
  const header: TensorHeader = {
    ...{ kind: 'node', term: 1, step: 300, level: 1, index: 3 },
    ...{ bucket: 2, dtype: 'f32', length: bytes / 4 },
  };
  const payload = new Uint8Array(bytes).fill(63);
  const area = new Uint8Array(tensorHeadroomBytes + bytes);
  const frame = encodeTensorMessage(header, payload);
  const sealed = encodeTensorMessage(header, payload, { checksum: true });
  return {
    name: `a node of ${sizeName(bytes)}`,
    subjects: [
      memcpy(bytes),
      {
        name: 'encode with the numbers in place',
        bytes,
        run: () => writeTensorPrefix(area, tensorHeadroomBytes, { header }),
      },
      {
        name: 'encode with a copy (initial weights)',
        bytes,
        run: () => encodeTensorMessage(header, payload),
      },
      {
        name: 'encode with the numbers in place and a checksum (TCP)',
        bytes,
        run: () => writeTensorPrefix(area, tensorHeadroomBytes, { header, checksum: true }),
      },
      { name: 'decode', bytes, run: () => decodeMessage(frame, 'worker') },
      { name: 'decode with a checksum (TCP)', bytes, run: () => decodeMessage(sealed, 'worker') },
    ],
  };
}

function control(message: ControlMessage, from: 'worker' | 'server'): Contest {
  const frame = encodeMessage(message);
  const bytes = frame.length;
  return {
    name: `${message.kind}, ${sizeName(bytes)}`,
    subjects: [
      memcpy(bytes),
      { name: 'encode', bytes, run: () => encodeMessage(message) },
      { name: 'decode', bytes, run: () => decodeMessage(frame, from) },
    ],
  };
}
