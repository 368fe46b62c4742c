import { drawSchedule } from './faults/schedule.ts';
import { describeFault } from './faults/fault.ts';
import { runSchedule } from './run.ts';
const [from=0, n=1, verbose=0] = process.argv.slice(2).map(Number);
const t = performance.now(); let virtual=0, steps=0, bad=0, peak=0; const fired: Record<string,number>={};
for (let k = from; k < from+n; k++) {
  const s = drawSchedule(1, k);
  const v = await runSchedule(s, verbose ? { onLine: (l) => console.log(l) } : {});
  virtual += v.virtualMs; steps += v.steps; peak=Math.max(peak,v.peakBytes);
  for (const f of v.fired) fired[f.kind] = (fired[f.kind] ?? 0) + 1;
  if (v.violation) { bad++; if (bad < 15) console.log(k, v.violation, s.faults.map(describeFault), v.virtualMs); }
}
console.log({ bad, virtual: virtual/1000, steps, peak, fired, msEach: (performance.now()-t)/n });
