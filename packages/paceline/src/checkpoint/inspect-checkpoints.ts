import type { Section } from '@paceline/math';
import type { CheckpointImage } from '@paceline/server';

import { checkCheckpoints } from './check-checkpoints.ts';
import type { CheckpointReport } from './check-checkpoints.ts';
import { readNewestCheckpoint } from './newest-checkpoint.ts';

/** What one checkpoint holds. Sizes in bytes of numbers. */
export interface CheckpointContent {
  readonly path: string;
  readonly facts: Omit<CheckpointImage['facts'], 'layout'> & {
    readonly backend: string;
    readonly fingerprint: string;
    /** How far the bits carry. */
    readonly level: string;
  };
  readonly tensors: readonly {
    readonly name: string;
    readonly section: Section;
    readonly shape: readonly number[];
    readonly bytes: number;
  }[];
  readonly slots: Readonly<Record<string, number>>;
  readonly sections: CheckpointImage['sections'];
}

/** All checkpoints of a folder, and what the newest one that is whole holds. */
export interface Inspection {
  readonly checkpoints: readonly CheckpointReport[];
  /** Undefined where none is whole. */
  readonly newest?: CheckpointContent;
}

/**
 * Looks into a run's folder, a folder of checkpoints, or a single one. Reads all of them.
 *
 * @throws PacelineError `checkpoint-missing` where there are none
 */
export function inspectCheckpoints(directory: string): Inspection {
  const checkpoints = checkCheckpoints(directory);
  const newest = checkpoints.findLast(({ isValid }) => isValid);
  if (newest === undefined) return { checkpoints };
  return { checkpoints, newest: describe(readNewestCheckpoint(newest.path)) };
}

function describe(image: CheckpointImage & { readonly path: string }): CheckpointContent {
  const { layout, ...facts } = image.facts;
  const { backend, fingerprint, level } = layout;
  const sizes = Object.entries(image.slots).map(([slot, bytes]) => [slot, bytes.byteLength]);
  return {
    path: image.path,
    facts: { ...facts, backend, fingerprint, level },
    tensors: layout.tensors
      .filter(({ section }) => section !== 'scalars')
      .map(({ name, section, shape }) => {
        return { name, section, shape, bytes: 4 * shape.reduce((a, b) => a * b, 1) };
      }),
    slots: Object.fromEntries(sizes) as Readonly<Record<string, number>>,
    sections: image.sections,
  };
}
