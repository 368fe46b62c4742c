import { installMutant } from './mutants/hook.ts';
import { mutants } from './mutants/table.ts';
const name = process.env['MUTANT'];
const mutant = mutants.find((m) => m.name === name);
if (mutant) installMutant(mutant);
const { drawSchedule } = await import('./faults/schedule.ts');
const { describeFault } = await import('./faults/fault.ts');
const { runSchedule } = await import('./run.ts');
const [from=0, n=1, verbose=0] = process.argv.slice(2).map(Number);
const t = performance.now(); let virtual=0, steps=0, bad=0, peak=0; const fired: Record<string,number>={};
for (let k = from; k < from+n; k++) {
  const s = drawSchedule(1, k);
  const v = await runSchedule(s, verbose ? { onLine: (l) => console.log(l) } : {});
  virtual += v.virtualMs; steps += v.steps; peak=Math.max(peak,v.peakBytes);
  for (const f of v.fired) fired[f.kind] = (fired[f.kind] ?? 0) + 1;
  if (v.violation) { bad++; if (bad < 15) console.log(k, v.violation, mutant ? '' : s.faults.map(describeFault), v.virtualMs); if (mutant) break; }
}
console.log(name ?? '', { bad, virtual: virtual/1000, steps, peak, fired: mutant ? '' : fired, msEach: (performance.now()-t)/n });
