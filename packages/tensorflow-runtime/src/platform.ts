import { readdirSync } from 'node:fs';

/** TensorFlow's libraries as they lie in a wheel of a Python package: exactly these bytes, no others. */
export interface Wheel {
  /** Python package. */
  readonly package: string;
  readonly version: string;
  /** Platform tag, as pip's `--platform` takes it. */
  readonly tag: string;
  readonly sha256: string;
  readonly bytes: number;
  /** The two libraries, in the order in which they are linked; names inside the wheel's `tensorflow/`. */
  readonly libraries: readonly [string, string];
  /** Both libraries unpacked. */
  readonly libraryBytes: number;
}

/** Raised whenever the way of building changes, so that older results in the cache are not used. */
export const recipeVersion = 2;

const version = '2.21.0';
const elfLibraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;

/** One wheel a platform. The x64 package is the build without CUDA; elsewhere the plain package is that already. */
export const wheels: Readonly<Record<string, Wheel>> = {
  'linux-x64': {
    package: 'tensorflow-cpu',
    version,
    tag: 'manylinux_2_27_x86_64',
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
    bytes: 274_000_871,
    libraries: elfLibraries,
    libraryBytes: 853_308_936,
  },
  'linux-arm64': {
    package: 'tensorflow',
    version,
    tag: 'manylinux_2_27_aarch64',
    sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
    bytes: 281_946_471,
    libraries: elfLibraries,
    libraryBytes: 883_062_208,
  },
  'darwin-arm64': {
    package: 'tensorflow',
    version,
    tag: 'macosx_12_0_arm64',
    sha256: '56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712',
    bytes: 223_488_205,
    libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
    libraryBytes: 740_805_624,
  },
};

/** The machine, as far as the choice of libraries goes. */
export interface Platform {
  /** `linux-x64`, `darwin-arm64`, ...; `linux-x64-musl` where the C library is musl. */
  readonly name: string;
  /** Undefined where TensorFlow has no library for this platform. */
  readonly wheel: Wheel | undefined;
  /** Whether tfjs-node's authors ever offered a ready addon for it; their file name does not tell the processor. */
  readonly hasPrebuiltAddon: boolean;
}

/** The machine that this process runs on. Blocks for a few microseconds. */
export function currentPlatform(): Platform {
  return describePlatform(process.platform, process.arch, isMusl());
}

/** The same from words, for tests and for what cannot be tried here. */
export function describePlatform(system: string, architecture: string, musl: boolean): Platform {
  const name = `${system}-${architecture}${musl ? '-musl' : ''}`;
  return {
    name,
    wheel: wheels[name],
    hasPrebuiltAddon:
      architecture === 'x64' && !musl && (system === 'linux' || system === 'darwin'),
  };
}

/** TensorFlow's wheels need glibc. musl's loader lies at /lib/ld-musl-*; glibc's report names its version. */
function isMusl(): boolean {
  if (process.platform !== 'linux') {
    return false;
  }
  try {
    const hasMuslLoader = readdirSync('/lib').some((name) => name.startsWith('ld-musl-'));
    return hasMuslLoader && !hasGlibc();
  } catch {
    return false;
  }
}

function hasGlibc(): boolean {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime !== undefined;
}
