/** What takes whole lines; each call is one or more complete lines. */
export interface LineStream {
  write(lines: string): void;
}

const levelNames: Readonly<Record<number, string>> = {
  20: 'debug',
  30: 'info',
  40: 'WARN',
  50: 'ERROR',
};
const ownKeys = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg']);

/** Wraps `stream` so that JSON log lines come out as `12:00:01.250 WARN  server: message key=value`. */
export function createPrettyStream(stream: LineStream): LineStream {
  return {
    write(line) {
      stream.write(`${prettyLine(JSON.parse(line) as Readonly<Record<string, unknown>>)}\n`);
    },
  };
}

function prettyLine(entry: Readonly<Record<string, unknown>>): string {
  const time = new Date(Number(entry['time'])).toISOString().slice(11, 23);
  const level = (levelNames[Number(entry['level'])] ?? 'log').padEnd(5);
  const fields = Object.entries(entry)
    .filter(([key]) => !ownKeys.has(key))
    .map(([key, value]) => ` ${key}=${prettyValue(value)}`)
    .join('');
  return `${time} ${level} ${String(entry['name'])}: ${String(entry['msg'])}${fields}`;
}

/** A word as it is, anything else as JSON; an error by its stack, which is what a reader needs. */
function prettyValue(value: unknown): string {
  if (typeof value === 'string' && /^[\w.:/@+-]+$/.test(value)) return value;
  if (typeof value === 'object' && value !== null && 'stack' in value) return String(value.stack);
  return JSON.stringify(value);
}
