import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Instruction sets by which TensorFlow and oneDNN choose their kernels, hence the rounding.
 * Names as Linux has them in /proc/cpuinfo.
 */
const tellingFeatures: Readonly<Record<string, readonly string[]>> = {
  x64: [
    'sse4_2',
    'avx',
    'avx2',
    'fma',
    'avx_vnni',
    'avx512f',
    'avx512bw',
    'avx512_vnni',
    'avx512_bf16',
    'avx512_fp16',
    'amx_tile',
  ],
  arm64: ['asimd', 'asimddp', 'asimdhp', 'bf16', 'i8mm', 'sve', 'sve2'],
};

/** The first processor's part of /proc/cpuinfo is well below this. */
const cpuInfoBytes = 8192;

let described: string | undefined;

/**
 * The processor in words for a fingerprint, like `x64 sse4_2 avx avx2 fma`: two machines with the same words and
 * the same TensorFlow round alike as far as is known. Only the architecture where nothing can be read.
 * Reads once, blocking, well under a millisecond (macOS: a few, for a process).
 */
export function describeCpu(): string {
  described ??= describeFeatures(process.arch, readFeatures());
  return described;
}

/** The same from the list of features, in a fixed order. */
export function describeFeatures(architecture: string, features: ReadonlySet<string>): string {
  const telling = tellingFeatures[architecture] ?? [];
  return [architecture, ...telling.filter((feature) => features.has(feature))].join(' ');
}

/** The features in the text of /proc/cpuinfo: `flags` on x64, `Features` on arm64. */
export function parseCpuInfo(text: string): ReadonlySet<string> {
  const line = /^(?:flags|Features)\s*:\s*(.*)$/mu.exec(text)?.[1] ?? '';
  return new Set(line.split(/\s+/u).filter((word) => word !== ''));
}

/** The features in the output of `sysctl hw.optional` on macOS, under the names that Linux uses. */
export function parseSysctl(text: string): ReadonlySet<string> {
  const features = new Set<string>();
  for (const [, name, value] of text.matchAll(/^hw\.optional\.(\S+): (\d+)$/gmu)) {
    const linuxName = value === '1' && name !== undefined ? macFeatures[name] : undefined;
    if (linuxName !== undefined) {
      features.add(linuxName);
    }
  }
  return features;
}

const macFeatures: Readonly<Record<string, string>> = {
  'arm.AdvSIMD': 'asimd',
  'arm.FEAT_DotProd': 'asimddp',
  'arm.FEAT_FP16': 'asimdhp',
  'arm.FEAT_BF16': 'bf16',
  'arm.FEAT_I8MM': 'i8mm',
  sse4_2: 'sse4_2',
  avx1_0: 'avx',
  avx2_0: 'avx2',
  fma: 'fma',
  avx512f: 'avx512f',
  avx512bw: 'avx512bw',
};

function readFeatures(): ReadonlySet<string> {
  try {
    return process.platform === 'darwin'
      ? parseSysctl(
          execFileSync('/usr/sbin/sysctl', ['hw.optional'], { encoding: 'utf8', timeout: 2000 }),
        )
      : parseCpuInfo(readStart('/proc/cpuinfo'));
  } catch {
    return new Set();
  }
}

/** On a machine with hundreds of processors the whole file takes milliseconds; its start says the same. */
function readStart(path: string): string {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(cpuInfoBytes);
    return buffer.toString('latin1', 0, readSync(file, buffer, 0, cpuInfoBytes, 0));
  } finally {
    closeSync(file);
  }
}
