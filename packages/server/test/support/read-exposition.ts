/** One family of the text format of Prometheus, with its numbers by their labels as they stand there. */
export interface Family {
  readonly type: string;
  readonly help: string;
  readonly values: Readonly<Record<string, number>>;
}

const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (NaN|Nan|[+-]Inf|[-+0-9.e]+)$/;

/**
 * Reads the text format (https://prometheus.io/docs/instrumenting/exposition_formats/) as strictly as Prometheus does:
 * HELP and TYPE before the first number of a family, each family once. Written for the tests, apart from the library.
 * @throws Error with the line that does not fit
 */
export function readExposition(text: string): ReadonlyMap<string, Family> {
  const families = new Map<
    string,
    { type: string; help: string; values: Record<string, number> }
  >();
  if (!text.endsWith('\n')) throw new Error('no line feed at the end');
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, what, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (what === 'HELP') {
      if (families.has(name)) throw new Error(`a second family: ${line}`);
      families.set(name, { type: '', help: rest, values: {} });
    } else if (what === 'TYPE') {
      const family = families.get(name);
      if (family?.type !== '') throw new Error(`no HELP before, or a second TYPE: ${line}`);
      family.type = rest;
    } else {
      readSample(line, families);
    }
  }
  return families;
}

function readSample(line: string, families: Map<string, { type: string; values: object }>): void {
  const [, name = '', labels = '', number] = sampleLine.exec(line) ?? [];
  const family = families.get(name) ?? families.get(name.replace(/_(sum|count|bucket)$/, ''));
  if (number === undefined || !family?.type) throw new Error(`no number of a family: ${line}`);
  if (
    Object.hasOwn(family.values, labels) &&
    family.type !== 'histogram' &&
    family.type !== 'summary'
  )
    throw new Error(`the same number twice: ${line}`);
  Object.assign(family.values, { [labels]: Number(number.replace(/Inf$/, 'Infinity')) });
}
