import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

import { PacelineError } from '../errors.ts';

/** Says in words why `import(file)` failed; `cause` is what it threw. */
export function explainImportError(file: string, cause: unknown): PacelineError {
  const code = errorCode(cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return new PacelineError(
      'job-typescript',
      `${location(file, cause)}: ${message}. Node runs TypeScript by removing the types only: ` +
        'no enum, namespace or parameter property. Use constants and plain fields instead.',
      { cause },
    );
  }
  if (code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING') {
    return new PacelineError(
      'job-typescript',
      `${file}: Node does not run TypeScript under node_modules. Copy the job out of it, or use JavaScript.`,
      { cause },
    );
  }
  if (cause instanceof SyntaxError) {
    return new PacelineError('job-syntax', `${location(file, cause)}: ${message}`, { cause });
  }
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    return new PacelineError(
      'job-import',
      `${file}: ${message}. Install what the job imports, or correct the path (with its extension).`,
      { cause },
    );
  }
  const where = thrownAt(cause);
  return new PacelineError('job-threw', `${where ?? file}: the job file threw: ${message}`, {
    cause,
  });
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/**
 * File and line of a syntax error. Node writes them as the first line of the stack, except for plain
 * JavaScript, where it keeps them to itself: there the type stripper's parser is asked.
 */
function location(file: string, error: unknown): string {
  return firstStackLine(error) ?? firstStackLine(parseAgain(file)) ?? file;
}

function firstStackLine(error: unknown): string | undefined {
  const line = error instanceof Error ? error.stack?.split('\n', 1)[0] : undefined;
  const match = /^(?:file:\/\/)?(\/.*|[A-Za-z]:[\\/].*):(\d+)$/.exec(line ?? '');
  return match === null ? undefined : `${match[1] ?? ''}:${match[2] ?? ''}`;
}

function parseAgain(file: string): unknown {
  const warn = process.emitWarning;
  // The stripper announces itself as experimental, in the middle of our error message.
  process.emitWarning = () => undefined;
  try {
    stripTypeScriptTypes(readFileSync(file, 'utf8'), { sourceUrl: file });
    return undefined;
  } catch (error) {
    return error;
  } finally {
    process.emitWarning = warn;
  }
}

/** The innermost frame of a stack that is a file of the user's: `path:line`. */
function thrownAt(error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const match = /(?:file:\/\/)?(\/(?!.*node_modules)[^\s():]+\.[cm]?[jt]s):(\d+):\d+/.exec(stack);
  return match === null ? undefined : `${match[1] ?? ''}:${match[2] ?? ''}`;
}
