/**
 * A definition whose data are functions, as the protocol wants it. To the protocol such data *are* a function, which
 * cannot travel and stays in `functions.data`; what the training package calls are the splits. So: a function that
 * has the splits as its properties. Any other definition comes back as it is.
 */
export function withFunctionData(definition: unknown): unknown {
  if (!isRecord(definition) || !isRecord(definition['data'])) return definition;
  const { type, ...splits } = definition['data'];
  if (type !== 'function') return definition;
  return { ...definition, data: Object.assign(() => splits, splits) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
