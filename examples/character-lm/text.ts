import { fileURLToPath } from 'node:url';

import { text } from 'paceline';
import type { TextData } from 'paceline';

/** Bytes of an example. */
export const length = 64;

/**
 * The text: the declarations of JavaScript's own library that come with TypeScript, two thirds of them English comments
 * (219 kB, Apache-2.0). A tenth is kept for the test. For a text of yours, put its path here.
 */
export const declarations: TextData = text({
  train: fileURLToPath(import.meta.resolve('typescript/lib/lib.es5.d.ts')),
  split: { test: 0.1 },
  length,
});
