import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { TensorFlow } from '@paceline/training';

/** What `tf.loadLayersModel` takes. */
type IOHandler = Exclude<Parameters<TensorFlow['loadLayersModel']>[0], string>;
type Artifacts = Awaited<ReturnType<NonNullable<IOHandler['load']>>>;

interface ModelJson {
  readonly modelTopology: object;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: NonNullable<Artifacts['weightSpecs']>;
  }[];
}

/**
 * How TensorFlow.js reads a saved model from a folder: an IO handler in a few lines, for Node without tfjs-node.
 *
 * @param folder - With `model.json` and the files that it names.
 */
export function readModelFrom(folder: string): IOHandler {
  return {
    load: () => {
      const text = readFileSync(join(folder, 'model.json'), 'utf8');
      const { modelTopology, weightsManifest } = JSON.parse(text) as ModelJson;
      const paths = weightsManifest.flatMap((group) => group.paths);
      const files = paths.map((path) => readFileSync(join(folder, path)));
      return Promise.resolve({
        modelTopology,
        weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
        weightData: Uint8Array.from(Buffer.concat(files)).buffer,
      });
    },
  };
}
