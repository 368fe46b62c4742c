import { fileURLToPath } from 'node:url';
import { tensorflowEnvironment } from './compatibility.ts';
import { AddonBrokenError, InterruptedError } from './errors.ts';
import { lastLines, run } from './run.ts';

/** What to try. */
export interface VerifyOptions {
  /** tfjs-node's folder. */
  readonly directory: string;
  /** The addon to try; it need not be in its place yet. */
  readonly addonPath: string;
  readonly signal?: AbortSignal | undefined;
}

/** What a working addon said of itself. */
export interface Verification {
  /** TensorFlow's version. */
  readonly version: string;
  /** Largest difference from the closed form, relative to the largest value. */
  readonly error: number;
}

/** Float32 over sums of a few dozen terms; a wrong kernel is off by far more. */
const tolerance = 1e-4;
const childMs = 120_000;

/**
 * Lets a process of its own load tfjs-node with this addon and compute a gradient that is known from closed form.
 * Throws `AddonBrokenError` when it does not load, crashes, hangs or computes something else. About 0.7 s.
 */
export async function verifyAddon(options: VerifyOptions): Promise<Verification> {
  // The extension of this very file: `.ts` from the sources, `.js` when built.
  const child = fileURLToPath(import.meta.url).replace(/verify(\.[jt]s)$/u, 'verify-child$1');
  const result = await run(process.execPath, [child, options.directory, options.addonPath], {
    env: { ...tensorflowEnvironment(1), NODE_OPTIONS: '' },
    signal: options.signal,
    timeoutMs: childMs,
  });
  switch (result.problem) {
    case 'aborted':
      throw new InterruptedError('verify');
    case 'timeout':
      throw new AddonBrokenError(`it did not answer within ${String(childMs / 1000)} seconds`);
    case 'crashed':
      throw new AddonBrokenError(`the process that loaded it crashed: ${mainLine(result.output)}`);
    case 'not-found':
    case 'none':
      return checkReport(result.code, result);
  }
}

function checkReport(
  code: number | undefined,
  result: { readonly stdout: string; readonly output: string },
): Verification {
  const report = code === 0 ? parseReport(result.stdout) : undefined;
  if (report === undefined) {
    throw new AddonBrokenError(`it could not be loaded: ${mainLine(result.output)}`);
  }
  // Written so that NaN fails.
  if (!(report.error < tolerance)) {
    throw new AddonBrokenError(
      `it computes a wrong gradient (TensorFlow ${report.version}, relative error ${String(report.error)})`,
    );
  }
  return report;
}

/** Of a crash report the line that names the error, else its end. */
function mainLine(output: string): string {
  return /^(?:\w+: )?\w*Error.*: .*$/mu.exec(output)?.[0] ?? lastLines(output, 6);
}

function parseReport(stdout: string): Verification | undefined {
  try {
    const { version, error } = JSON.parse(lastLines(stdout, 1)) as {
      version: string;
      error: number | null;
    };
    // JSON has no NaN.
    return { version, error: error ?? Number.NaN };
  } catch {
    return undefined;
  }
}
