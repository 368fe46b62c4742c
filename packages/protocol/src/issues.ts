import type { z } from 'zod';

/** A value that a schema refuses, in our words. */
export interface Issue {
  readonly path: string;
  readonly value: unknown;
  /** Follows the path and a colon: `must be a whole number >= 1, got "many"`. */
  readonly rule: string;
  /** The names that were allowed, where the rule does not list them. */
  readonly allowed: readonly string[];
}

/**
 * Checks `input`. Gives the checked value, or one issue for each wrong field, the first that it has. A schema's own message is its rule; others get theirs here.
 */
export function check<T>(
  schema: z.ZodType<T>,
  input: unknown,
): { readonly value: T } | { readonly issues: readonly Issue[] } {
  const result = schema.safeParse(input, { error: ruleOf });
  if (result.success) return { value: result.data };
  const firstByPath = new Map<string, Issue>();
  for (const issue of result.error.issues.flatMap((each) => issuesOf(each, input))) {
    if (!firstByPath.has(issue.path)) firstByPath.set(issue.path, issue);
  }
  return { issues: [...firstByPath.values()] };
}

/** Whoever sends a million unknown fields is not told of each. */
const mostUnknownFields = 20;

/** A value as a short text for an error message. */
export function valueText(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  const text = typeof value === 'number' ? String(value) : jsonText(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

/** JSON has no text for what it does not know, whatever its type says. */
function jsonText(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  return text ?? String(value);
}

function issuesOf(issue: z.core.$ZodIssue, input: unknown): Issue[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, mostUnknownFields).map((key) => {
      const value = valueAt(input, [...path, key]);
      return { path: [...path, key].join('.'), value, rule: 'unknown field', allowed: [] };
    });
  }
  const value = valueAt(input, path);
  const found = value === undefined ? 'is missing' : `got ${valueText(value)}`;
  const rule = value === undefined ? `${found}; ${issue.message}` : `${issue.message}, ${found}`;
  return [{ path: path.join('.'), value, rule, allowed: allowedBy(issue) }];
}

/** A union's own rule says what kinds of things it takes; the names are in the rules of its members. */
function allowedBy(issue: z.core.$ZodIssue): string[] {
  return issue.code === 'invalid_union' ? issue.errors.flat().flatMap(namesOf) : [];
}

function namesOf(issue: z.core.$ZodIssue): string[] {
  return issue.code === 'invalid_value' ? issue.values.map(String) : allowedBy(issue);
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

const typeWords: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function ruleOf(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'invalid_type')
    return `must be ${typeWords[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return `must be ${oneOf(issue.values.map(String))}`;
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  return 'is not valid';
}

/** `sgd` or `one of a, b, c`. */
export function oneOf(names: readonly string[]): string {
  return names.length === 1 ? names.join() : `one of ${names.join(', ')}`;
}
