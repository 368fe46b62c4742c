/** The part of the set-up in which something went wrong. */
export type RuntimeStep =
  | 'find'
  | 'cache'
  | 'bring'
  | 'install-script'
  | 'download'
  | 'unpack'
  | 'build'
  | 'link'
  | 'verify'
  | 'load';

interface Failure {
  readonly code: string;
  readonly step: RuntimeStep;
  /** What went wrong, a sentence without its full stop. */
  readonly why: string;
  /** What the reader can do, a sentence without its full stop. */
  readonly remedy: string;
  readonly cause?: unknown;
}

/**
 * Why native TensorFlow cannot be had here. The message says what went wrong and what to do;
 * `code` is stable; `step` says in which part of the set-up.
 */
export class TensorFlowRuntimeError extends Error {
  readonly code: string;
  readonly step: RuntimeStep;
  readonly why: string;
  readonly remedy: string;

  constructor(failure: Failure) {
    super(
      `${failure.why}${failure.why.includes('\n') ? '\n' : '. '}${failure.remedy}.`,
      failure.cause === undefined ? undefined : { cause: failure.cause },
    );
    this.name = new.target.name;
    this.code = failure.code;
    this.step = failure.step;
    this.why = failure.why;
    this.remedy = failure.remedy;
  }
}

/** No TensorFlow library exists for this operating system, processor or C library. */
export class UnsupportedPlatformError extends TensorFlowRuntimeError {
  constructor(platform: string) {
    super({
      code: 'platform-unsupported',
      step: 'find',
      why: `There is no TensorFlow library for ${platform}`,
      remedy:
        'Use Linux with glibc on x64 or arm64, or macOS on arm64; everywhere else training runs on WebAssembly',
    });
  }
}

/** The npm package `@tensorflow/tfjs-node` is not installed and could not be brought. */
export class TfjsNodeAbsentError extends TensorFlowRuntimeError {
  constructor(why: string, cause?: unknown) {
    super({
      code: 'tfjs-node-absent',
      step: 'bring',
      why: `The npm package @tensorflow/tfjs-node is not installed (${why})`,
      remedy:
        'Run `paceline setup` where npm can reach its registry, or `npm install --ignore-scripts @tensorflow/tfjs-node@4.22.0`',
      cause,
    });
  }
}

/** tfjs-node is installed but its native addon is not there: nothing was set up yet, or it failed. */
export class AddonAbsentError extends TensorFlowRuntimeError {
  constructor(lastFailure?: string) {
    const reason =
      lastFailure === undefined
        ? ''
        : `; the last set-up said: ${lastFailure.replace(/\.+$/u, '')}`;
    super({
      code: 'addon-absent',
      step: 'load',
      why: `Native TensorFlow is not set up here${reason}`,
      remedy: 'Run `paceline setup`',
    });
  }
}

/** The addon is there, but did not load, crashed, or computed a wrong gradient. */
export class AddonBrokenError extends TensorFlowRuntimeError {
  constructor(why: string, cause?: unknown) {
    super({
      code: 'addon-broken',
      step: 'verify',
      why: `The native TensorFlow addon does not work: ${why}`,
      remedy:
        'Run `paceline setup` again; if it stays broken, delete the cache folder (`PACELINE_CACHE`, or ~/.cache/paceline) first',
      cause,
    });
  }
}

const absentTools = {
  'pip-absent': {
    what: "no pip to get TensorFlow's libraries with",
    how: 'Python 3 with pip (Debian and Ubuntu: `apt install python3-pip`)',
  },
  'compiler-absent': {
    what: 'no C++ compiler to build the addon with',
    how: 'one (Debian and Ubuntu: `apt install g++`; macOS: `xcode-select --install`)',
  },
  'tools-absent': {
    what: "no pip to get TensorFlow's libraries with, and no C++ compiler to build the addon with",
    how: 'both (Debian and Ubuntu: `apt install python3-pip g++`)',
  },
};

/** No pip, or no compiler, or neither. */
export class ToolAbsentError extends TensorFlowRuntimeError {
  constructor(code: keyof typeof absentTools, tried: readonly string[]) {
    const { what, how } = absentTools[code];
    super({
      code,
      step: 'find',
      why: `There is ${what} (tried: ${tried.join(', ')})`,
      remedy: `Install ${how}, then run \`paceline setup\``,
    });
  }
}

/** The package index could not be reached, or stopped answering. */
export class NetworkError extends TensorFlowRuntimeError {
  constructor(what: string, details: string, cause?: unknown) {
    super({
      code: 'network',
      step: 'download',
      why: `${what} could not be downloaded: the package index did not answer${quoted(details)}`,
      remedy:
        'Check the network, or the index and proxy that pip is configured with, then run `paceline setup`',
      cause,
    });
  }
}

/** pip answered, but did not bring the file. */
export class DownloadError extends TensorFlowRuntimeError {
  constructor(what: string, details: string) {
    super({
      code: 'download-failed',
      step: 'download',
      why: `pip could not get ${what}${quoted(details)}`,
      remedy:
        'Check that the index pip is configured with has this version, then run `paceline setup`',
    });
  }
}

/** The downloaded file is not the file that this version of Paceline was made for. */
export class ChecksumError extends TensorFlowRuntimeError {
  readonly expected: string;
  readonly actual: string | undefined;

  constructor(file: string, expected: string, actual?: string) {
    super({
      code: 'checksum',
      step: 'download',
      why: `${file} has the wrong SHA-256${actual === undefined ? '' : ` ${actual}`} (expected ${expected}) and was thrown away`,
      remedy:
        'Run `paceline setup` again; if it happens again, the package index serves changed files',
    });
    this.expected = expected;
    this.actual = actual;
  }
}

/** Not enough room for the libraries. */
export class DiskFullError extends TensorFlowRuntimeError {
  constructor(
    directory: string,
    room?: { readonly neededBytes: number; readonly freeBytes: number },
  ) {
    const numbers =
      room === undefined
        ? ''
        : `: ${megabytes(room.neededBytes)} needed, ${megabytes(room.freeBytes)} free`;
    super({
      code: 'disk-full',
      step: 'cache',
      why: `The disk of ${directory} is full${numbers}`,
      remedy:
        'Make room, or set PACELINE_CACHE to a folder on another disk, then run `paceline setup`',
    });
  }
}

/** The cache folder or node_modules cannot be written. */
export class UnwritableError extends TensorFlowRuntimeError {
  constructor(step: 'cache' | 'link' | 'bring', directory: string, cause?: unknown) {
    super({
      code: step === 'cache' ? 'cache-unwritable' : 'node-modules-unwritable',
      step,
      why: `${directory} cannot be written${cause instanceof Error ? ` (${cause.message})` : ''}`,
      remedy:
        step === 'cache'
          ? 'Set PACELINE_CACHE to a folder of yours, then run `paceline setup`'
          : 'Give yourself write permission there, then run `paceline setup`',
      cause,
    });
  }
}

/** The wheel could not be unpacked, or does not hold what it should. */
export class UnpackError extends TensorFlowRuntimeError {
  constructor(file: string, why: string, cause?: unknown) {
    super({
      code: 'unpack-failed',
      step: 'unpack',
      why: `${file} could not be unpacked: ${why}`,
      remedy: 'Run `paceline setup` again',
      cause,
    });
  }
}

/** The compiler or linker refused. */
export class CompileError extends TensorFlowRuntimeError {
  /** The last lines that the compiler wrote. */
  readonly output: string;

  constructor(compiler: string, what: string, output: string) {
    super({
      code: 'compile-failed',
      step: 'build',
      why: `${compiler} could not ${what}${quoted(output)}`,
      remedy:
        'A compiler with C++17 is needed (g++ 9 or clang 10, or newer; CXX names another one); then run `paceline setup`',
    });
    this.output = output;
  }
}

/** tfjs-node's own install script did not do it. Never fatal: the build from the wheel comes next. */
export class InstallScriptError extends TensorFlowRuntimeError {
  constructor(why: string, cause?: unknown) {
    super({
      code: 'install-script-failed',
      step: 'install-script',
      why: `tfjs-node's own install script did not work: ${why}`,
      remedy: 'Nothing needs to be done: the addon is built from its sources instead',
      cause,
    });
  }
}

/** The native backend was asked for in a worker thread, where it crashes now and then (tfjs issues 8388, 7719). */
export class MainThreadOnlyError extends TensorFlowRuntimeError {
  constructor() {
    super({
      code: 'main-thread-only',
      step: 'load',
      why: 'Native TensorFlow was asked for in a worker thread, where it is unreliable',
      remedy: "Load it on the process's main thread",
    });
  }
}

/** TensorFlow reads its number of threads once a process. */
export class ThreadsFixedError extends TensorFlowRuntimeError {
  constructor(wanted: string, loaded: string) {
    super({
      code: 'threads-fixed',
      step: 'load',
      why: `Native TensorFlow is already loaded with ${loaded} threads and cannot change to ${wanted}`,
      remedy: 'Use a process of its own for each number of threads',
    });
  }
}

/** The set-up was interrupted; what it had begun is gone, what it had finished is kept. */
export class InterruptedError extends TensorFlowRuntimeError {
  constructor(step: RuntimeStep) {
    super({
      code: 'interrupted',
      step,
      why: 'The set-up of native TensorFlow was interrupted',
      remedy: 'Run `paceline setup` to start it again',
    });
  }
}

function quoted(details: string): string {
  const text = details.trim();
  return text === '' ? '' : `:\n  ${text.replaceAll('\n', '\n  ')}`;
}

function megabytes(bytes: number): string {
  return `${String(Math.ceil(bytes / 1e6))} MB`;
}
