import type { LicenceException } from './exceptions.ts';
import type { LockedPackage } from './lockfile.ts';

/**
 * Whether an SPDX expression leaves us a way that the list allows: one side of an OR, both sides of an AND. An exception
 * to a licence (WITH) is never on the list.
 */
export const isAllowed = (expression: string, allowed: readonly string[]): boolean => {
  const words = expression.match(/[()]|[^\s()]+/g) ?? [];
  const { value, rest } = readOr(words, allowed);
  return value && rest.length === 0;
};

interface Read {
  readonly value: boolean;
  readonly rest: readonly string[];
}

const readOr = (words: readonly string[], allowed: readonly string[]): Read => {
  const left = readAnd(words, allowed);
  if (left.rest[0] !== 'OR') return left;
  const right = readOr(left.rest.slice(1), allowed);
  return { value: left.value || right.value, rest: right.rest };
};

const readAnd = (words: readonly string[], allowed: readonly string[]): Read => {
  const left = readOne(words, allowed);
  if (left.rest[0] !== 'AND') return left;
  const right = readAnd(left.rest.slice(1), allowed);
  return { value: left.value && right.value, rest: right.rest };
};

const readOne = ([first = '', ...rest]: readonly string[], allowed: readonly string[]): Read => {
  if (first !== '(') return { value: allowed.includes(first), rest };
  const inside = readOr(rest, allowed);
  const isClosed = inside.rest[0] === ')';
  return { value: inside.value && isClosed, rest: inside.rest.slice(1) };
};

/** What is wrong with the licences of packages, in sentences; nothing when all is well. Pure. */
export const judgeLicences = (
  packages: readonly LockedPackage[],
  allowed: readonly string[],
  exceptions: readonly LicenceException[],
): readonly string[] => {
  const fits =
    ({ name, licence }: LockedPackage) =>
    (exception: LicenceException) =>
      exception.package === name && exception.licence === licence;
  const odd = packages.filter(({ licence }) => licence === null || !isAllowed(licence, allowed));
  const unexcused = odd
    .filter((each) => !exceptions.some(fits(each)))
    .map(({ name, version, licence }) => `${name}@${version}: ${licence ?? 'no licence'}`);
  const idle = exceptions
    .filter((exception) => !odd.some((each) => fits(each)(exception)))
    .map((exception) => `the exception for ${exception.package} is not needed: remove it`);
  return [...unexcused, ...idle];
};
