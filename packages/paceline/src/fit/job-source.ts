import type { Measure } from './read-compiled.ts';

/** A job in a file: JSON where it is plain, else a module. */
export interface JobSource {
  readonly extension: 'json' | 'mjs';
  readonly text: string;
}

/**
 * The text of a job file. Functions of TensorFlow.js become functions that call them; with `setup`, the URL of a module, the
 * model is built by a function that calls its `setup` first.
 */
export function writeJobSource(
  definition: { readonly topology: object; readonly [field: string]: unknown },
  setup?: string,
): JobSource {
  const { topology, ...rest } = definition;
  const fields = Object.entries(rest).filter(([, value]) => value !== undefined);
  if (setup === undefined && !fields.some(([, value]) => holdsFunction(value))) {
    const plain = { model: { type: 'layers', topology }, ...Object.fromEntries(fields) };
    return { extension: 'json', text: `${JSON.stringify(plain, null, 2)}\n` };
  }
  const lines = [
    '// Written by train(model, data, options).',
    ...(setup === undefined ? [] : [`import { setup } from ${JSON.stringify(setup)};`]),
    `const topology = ${JSON.stringify(topology)};`,
    'export default {',
    setup === undefined
      ? "  model: { type: 'layers', topology },"
      : '  async model(tf) {\n    await setup(tf);\n    return tf.models.modelFromJSON(topology);\n  },',
    ...fields.map(([name, value]) => `  ${JSON.stringify(name)}: ${sourceOf(value)},`),
    '};',
  ];
  return { extension: 'mjs', text: `${lines.join('\n')}\n` };
}

function sourceOf(value: unknown): string {
  if (isFunction(value)) {
    return `function ${value.name}(tf, labels, predictions) { return ${value.call}(labels, predictions); }`;
  }
  if (Array.isArray(value)) return `[${value.map(sourceOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{ ${entries.map(([name, each]) => `${JSON.stringify(name)}: ${sourceOf(each)}`).join(', ')} }`;
}

function holdsFunction(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isFunction(value) || Object.values(value).some(holdsFunction);
}

function isFunction(value: unknown): value is Exclude<Measure, string> {
  return typeof value === 'object' && value !== null && 'call' in value && 'name' in value;
}
