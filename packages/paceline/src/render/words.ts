/** `1,234,567`: the same on every machine, whatever its locale. */
export function formatCount(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A loss: four significant digits, never an exponent in the usual range: `0.3142`, `12.31`, `1.2e-7`. */
export function formatLoss(value: number | null): string {
  // JSON has no NaN and no infinity: they come as null.
  if (value === null || !Number.isFinite(value)) return 'not finite';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return value.toExponential(2);
  return value.toFixed(size >= 1000 ? 1 : size >= 10 ? 2 : 4);
}

/** Metrics that are fractions of examples read as percentages; others as numbers. */
function formatMetric(name: string, value: number): string {
  return isFraction(name, value) ? `${(value * 100).toFixed(2)} %` : formatLoss(value);
}

function isFraction(name: string, value: number): boolean {
  return /accuracy|^acc$|precision|recall/i.test(name) && value >= 0 && value <= 1;
}

/** `accuracy 97.65 %, precision 98.00 %`; empty without metrics. */
export function formatMetrics(metrics: Readonly<Record<string, number>>): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${formatMetric(name, value)}`)
    .join(', ');
}

/** Bytes for a reader: `812 B`, `31.4 kB`, `1.2 MB`, `3.0 GB`. A kB is 1000 bytes. */
export function formatBytes(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB'];
  if (bytes < 1000) return `${bytes} B`;
  let [value, unit] = [bytes / 1000, 0];
  for (; value >= 999.95 && unit < units.length - 1; unit++) value /= 1000;
  return `${value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** Seconds for a reader: `0.8 s`, `17 s`, `2 min 05 s`, `3 h 12 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

function pad(value: number): string {
  return value.toString().padStart(2, '0');
}

/** `one worker`, `2 workers`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
