import type { Cause } from '@paceline/launcher';

const shownLines = 20;

/**
 * What a person reads when a run failed: who ended how, and its last words. A process that explained itself in an
 * `error:` line needs no more than that; of one that crashed, everything it said last is shown.
 */
export function causeLines(cause: Cause): readonly string[] {
  const headline = `error: ${subject(cause.process)} ${cause.words}`;
  const explanation = cause.lastLines.findIndex((line) => line.startsWith('error: '));
  if (explanation >= 0) {
    return [
      headline,
      ...cause.lastLines.slice(explanation).map((line) => indent(withoutTag(line))),
    ];
  }
  if (cause.lastLines.length === 0) return [headline];
  return [`${headline}; its last words:`, ...cause.lastLines.slice(-shownLines).map(indent)];
}

function subject(process: string): string {
  return process === 'server' ? 'the parameter server' : `worker ${process}`;
}

function withoutTag(line: string): string {
  return line.replace(/^error: /, '');
}

function indent(line: string): string {
  return `  ${line}`;
}
