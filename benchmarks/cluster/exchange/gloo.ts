import type { Absent, Contestant } from '../../../packages/benchmark/src/contestants/contestant.ts';
import { startPythonPeer } from '../../../packages/benchmark/src/contestants/python-peer.ts';

/** The same vector summed by gloo, 2 ranks of one thread; absent where `torch` cannot be imported. */
export function startGloo(o: {
  readonly python: string;
  readonly parameters: number;
  readonly warmUpSteps: number;
  readonly blockSteps: number;
}): Promise<Contestant | Absent> {
  const { python, parameters, warmUpSteps, blockSteps } = o;
  const script = { name: 'gloo all-reduce', script: 'gloo_allreduce.py' };
  const argument = String(parameters);
  return startPythonPeer({ ...script, argument, warmUpSteps, blockSteps }, python);
}
