import type { JobSettings, MessageOf } from '@paceline/protocol';
import { jobHash } from '@paceline/protocol';
import type { StateCopy } from '../store/whole-state.ts';
import { hashLayout } from './hash-layout.ts';
import type { CheckpointImage, CheckpointSections } from './storage.ts';

/** The whole state of a run at a version, from a copy of its numbers and what is known beside them. */
export function composeImage(
  copy: StateCopy,
  o: {
    readonly run: string;
    readonly term: number;
    readonly version: number;
    readonly settings: JobSettings;
    readonly layout: MessageOf<'layout'>;
    readonly sections: CheckpointSections;
    readonly wallMs: number;
  },
): CheckpointImage {
  const { run, term, version: step, settings, layout, sections } = o;
  const facts = {
    ...{ run, term, step, settings, layout },
    seed: settings.seed,
    jobHash: jobHash(settings),
    layoutHash: hashLayout(layout),
    createdAtMs: o.wallMs,
  };
  return { facts, ...copy, sections };
}
