/**
 * How fast the kernels are, against a memcpy and a loop in JavaScript of the same run.
 *
 *     node --conditions=paceline-source benchmarks/micro/kernels.ts
 *
 * A plain loop with medians (mitata is not a dependency): each sample is as many calls as make 64 MiB, 15 samples. The
 * figures are bytes read and written a second, so that kernels with different numbers of operands compare.
 */
import { createArena } from '@paceline/math';
import type { Arena, DecayRule, MomentumRule } from '@paceline/math';

interface Subject {
  readonly name: string;
  /** Vectors read or written by a call. */
  readonly streams: number;
  run(count: number): void;
}

const mebibyte = 2 ** 20;
const sizes = [16 * 1024, mebibyte, 64 * mebibyte];
const samples = 15;
const bytesPerSample = 64 * mebibyte;

const arena = createArena({ maximumBytes: 512 * mebibyte });
const most = Math.max(...sizes);
const [parameters, target, gradient, velocity] = [0, 1, 2, 3].map(() => arena.allocate(most)) as [
  number,
  number,
  number,
  number,
];
for (const pointer of [parameters, target, gradient, velocity]) {
  arena.float32(pointer, most / 4).fill(0.5);
}

const subjects: readonly Subject[] = [
  memcpy(arena),
  plainAdd(arena),
  {
    name: 'copy',
    streams: 2,
    run: (count) => {
      arena.kernels.copy(target, parameters, count);
    },
  },
  {
    name: 'isFinite',
    streams: 1,
    run: (count) => {
      arena.kernels.isFinite(parameters, count);
    },
  },
  {
    name: 'add',
    streams: 3,
    run: (count) => {
      arena.kernels.add(target, parameters, gradient, count);
    },
  },
  {
    name: 'addScaled',
    streams: 3,
    run: (count) => {
      arena.kernels.addScaled(target, parameters, gradient, 0.5, count);
    },
  },
  sgd('none', 'none', 3),
  sgd('heavy-ball', 'none', 5),
  sgd('nesterov', 'coupled', 5),
  sgd('nesterov', 'decoupled', 5),
];

print(['GB/s (read + written)', ...sizes.map(sizeName)]);
for (const subject of subjects) {
  print([subject.name, ...sizes.map((bytes) => measure(subject, bytes).toFixed(1))]);
}

/** Gigabytes a second, from the median sample. */
function measure({ run, streams }: Subject, bytes: number): number {
  const calls = Math.max(1, Math.round(bytesPerSample / bytes));
  const times = Array.from({ length: samples }, () => {
    const start = performance.now();
    for (let call = 0; call < calls; call += 1) run(bytes / 4);
    return performance.now() - start;
  });
  const median = times.sort((a, b) => a - b)[Math.floor(samples / 2)] ?? NaN;
  return (streams * bytes * calls) / median / 1e6;
}

/** The yardstick: what the C library's copy does on the same memory. */
function memcpy({ bytes }: Arena): Subject {
  const from = bytes(parameters, most);
  const into = bytes(target, most);
  return {
    name: 'memcpy (TypedArray.set)',
    streams: 2,
    run: (count) => {
      into.set(from.subarray(0, count * 4));
    },
  };
}

function plainAdd({ float32 }: Arena): Subject {
  const left = float32(parameters, most / 4);
  const right = float32(gradient, most / 4);
  const into = float32(target, most / 4);
  return {
    name: 'add, JavaScript loop',
    streams: 3,
    run: (count) => {
      for (let i = 0; i < count; i += 1) into[i] = (left[i] ?? 0) + (right[i] ?? 0);
    },
  };
}

function sgd(momentumRule: MomentumRule, decayRule: DecayRule, streams: number): Subject {
  const operands = { target, parameters, gradient, velocity, momentumRule, decayRule };
  const numbers = { scale: 0.5, learningRate: 1e-3, momentum: 0.9, decay: 1e-4 };
  return {
    name: `sgd, ${momentumRule} momentum, ${decayRule} decay`,
    streams,
    run: (count) => {
      arena.kernels.sgd({ ...operands, ...numbers, count });
    },
  };
}

function sizeName(bytes: number): string {
  return bytes < mebibyte ? `${bytes / 1024} KiB` : `${bytes / mebibyte} MiB`;
}

function print([name = '', ...cells]: readonly string[]): void {
  process.stdout.write(`${name.padEnd(44)}${cells.map((cell) => cell.padStart(10)).join('')}\n`);
}
