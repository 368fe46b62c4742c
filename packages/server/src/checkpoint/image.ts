import type { JobSettings } from '@paceline/protocol';
import { jobHash } from '@paceline/protocol';
import type { RunState } from '../run/state.ts';
import type { ParameterStore } from '../store/parameter-store.ts';
import { hashLayout } from './hash-layout.ts';
import type { CheckpointImage, CheckpointSections } from './storage.ts';

/** A copy of the whole state of a run at a version, which nothing changes any more. Blocks for the time of a copy. */
export function captureImage(
  store: ParameterStore,
  o: {
    readonly run: string;
    readonly version: number;
    readonly state: RunState;
    readonly sections: CheckpointSections;
    readonly wallMs: number;
  },
): CheckpointImage | undefined {
  const layout = o.state.shape?.layout;
  if (layout === undefined) return undefined;
  const { settings, term } = o.state.config;
  const facts = {
    run: o.run,
    term,
    step: o.version,
    ...identityOf(settings),
    layout,
    layoutHash: hashLayout(layout),
    createdAtMs: o.wallMs,
  };
  return { facts, ...store.copyState(o.version), sections: o.sections };
}

function identityOf(settings: JobSettings): {
  readonly seed: number;
  readonly jobHash: string;
  readonly settings: JobSettings;
} {
  return { seed: settings.seed, jobHash: jobHash(settings), settings };
}
