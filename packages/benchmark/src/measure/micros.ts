/** Now, on the clock of timelines: the machine's monotonic one, in microseconds. */
export function micros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
