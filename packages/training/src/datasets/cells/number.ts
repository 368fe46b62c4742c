/** Numbers written in decimals. */
import { RowProblem, shown } from '../rows/row-problem.ts';

/**
 * The number that `text` says, with spaces around it or not, rounded to Float32.
 * @throws {RowProblem} when it is empty, no number in decimals, or does not fit into 32 bits.
 */
export function parseNumber(text: string, place: () => string): number {
  const value = Number(text);
  if (Number.isFinite(Math.fround(value)) && isDecimal(text, value)) return value;
  if (text.trim() === '') throw new RowProblem('must be a number, it is empty', place());
  const rule = Number.isFinite(value)
    ? 'must be a number in decimals that fits into 32 bits'
    : 'must be a number';
  throw new RowProblem(`${rule}, got ${shown(text)}`, place());
}

/** `Number` takes the empty text for 0, and 0x, 0o and 0b for other bases. */
function isDecimal(text: string, value: number): boolean {
  if (value !== 0 && text.charCodeAt(0) > zero) return true;
  const trimmed = text.trim();
  return trimmed !== '' && !/^0[xob]/i.test(trimmed);
}

const zero = 0x30;
