import type { StepPolicy } from './policy.ts';
import { syncPolicy } from './sync.ts';

const policies: ReadonlyMap<string, StepPolicy> = new Map([[syncPolicy.name, syncPolicy]]);

/** The policy of that name; undefined when there is none. */
export function findPolicy(name: string): StepPolicy | undefined {
  return policies.get(name);
}
