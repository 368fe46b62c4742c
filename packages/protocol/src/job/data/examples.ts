import { z } from 'zod';

import type { LocalMarker } from '../local.ts';
import { localMarkerSchema } from '../local.ts';
import { augmentSchema } from './augment.ts';
import type { AugmentSettings } from './augment.ts';

/** What may be done to the examples of every kind of data. */
export interface ExampleSettings {
  /** How those for training are changed each time that they are read. */
  readonly augment?: AugmentSettings;
  /** Stands for a function of the job file that says which examples there are. */
  readonly filter?: LocalMarker;
}

/** The fields of {@link ExampleSettings} as checks. */
export interface ExampleFields {
  readonly augment: z.ZodExactOptional<z.ZodType<AugmentSettings>>;
  readonly filter: z.ZodExactOptional<z.ZodType<LocalMarker>>;
}

const filter = z.custom<LocalMarker>(
  (value) => localMarkerSchema.safeParse(value).success,
  'must be a function of an example',
);

/** The fields of {@link ExampleSettings}, for a strict object that has others beside them. */
export const exampleFields: ExampleFields = {
  augment: augmentSchema,
  filter: filter
    .exactOptional()
    .describe('A function: examples for which it gives false are left out.'),
};
