import { InterruptedError, TensorFlowRuntimeError } from './errors.ts';
import { createProgressDisplay, type ProgressStream } from './progress.ts';
import { provisionTensorFlow, type Provisioned, type ProvisionOptions } from './provision.ts';

/** As `ProvisionOptions`, with a stream for the words. */
export interface SetupOptions extends Omit<ProvisionOptions, 'log' | 'onProgress'> {
  /** Where the words go; default: stderr. */
  readonly stream?: ProgressStream;
}

/** The fastest backend that this machine has now. */
export type SetupResult =
  | { readonly backend: 'tensorflow'; readonly provisioned: Provisioned }
  | { readonly backend: 'wasm'; readonly reason: TensorFlowRuntimeError };

/**
 * `provisionTensorFlow` with its words on a stream: progress, the result and how long it took, or why there is no
 * native backend and what to do. Not having one is no error, since WebAssembly does everything too; being interrupted is.
 */
export async function setup(options: SetupOptions = {}): Promise<SetupResult> {
  const stream = options.stream ?? process.stderr;
  const display = createProgressDisplay(stream);
  const say = (line: string): void => {
    display.clear();
    stream.write(`${line}\n`);
  };
  const startMs = performance.now();
  try {
    const provisioned = await provisionTensorFlow({
      ...options,
      log: (line) => {
        say(`  ${line}`);
      },
      onProgress: (progress) => {
        display.show(progress);
      },
    });
    say(
      `Native TensorFlow ${provisioned.version} is ready (${howWords[provisioned.how]}, ${seconds(startMs)})`,
    );
    return { backend: 'tensorflow', provisioned };
  } catch (error) {
    if (!(error instanceof TensorFlowRuntimeError) || error instanceof InterruptedError) {
      display.clear();
      throw error;
    }
    say(`No native TensorFlow: ${error.message}`);
    say('Training uses WebAssembly instead: everything works, more slowly.');
    return { backend: 'wasm', reason: error };
  }
}

const howWords: Readonly<Record<Provisioned['how'], string>> = {
  present: 'it was there',
  relinked: 'linked from the cache',
  'install-script': 'by its own install script',
  built: 'built for this machine',
};

function seconds(startMs: number): string {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
}
