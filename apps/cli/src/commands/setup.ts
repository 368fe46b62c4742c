import { exitCodes } from '@paceline/protocol';
import { onShutdownSignals } from '@paceline/telemetry';
import { Command } from 'commander';
import { addFlags, flags, setUpBackend } from 'paceline/programs';

type Backend = 'auto' | 'tensorflow' | 'wasm' | 'cpu';

const examples = `
Examples:
  $ paceline setup                       the fastest backend that this machine can have
  $ paceline setup --backend tensorflow  fails when it cannot be native TensorFlow
`;

/** `paceline setup`: makes the native backend, in the repository and in a user's own project. */
export function setupCommand(): Command {
  const command = new Command('setup')
    .summary('make native TensorFlow work on this machine')
    .description(
      'Makes the native backend: a tfjs-node that already loads, its own install script, or a build against the ' +
        'TensorFlow wheel of pip, kept in a cache. Where none is possible it says why; WebAssembly always works. ' +
        'It takes a moment when there is nothing to do.',
    )
    .addHelpText('after', examples);
  return addFlags(command, [{ ...flags.backend, default: 'auto' }]).action(
    async ({ backend }: { readonly backend: Backend }) => {
      process.exitCode = await runSetup(backend);
    },
  );
}

async function runSetup(backend: Backend): Promise<number> {
  if (backend === 'wasm' || backend === 'cpu') {
    process.stderr.write(
      `The ${backend} backend needs no set-up: it comes with its npm package.\n`,
    );
    return exitCodes.finished;
  }
  const interruption = new AbortController();
  let code: number = exitCodes.finished;
  const stopListening = onShutdownSignals((signal) => {
    code = signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
    interruption.abort();
  });
  try {
    const result = await setUpBackend({ signal: interruption.signal });
    return result.backend === backend || backend === 'auto' ? exitCodes.finished : exitCodes.failed;
  } catch (error) {
    if (code === exitCodes.finished) throw error;
    return code;
  } finally {
    stopListening();
  }
}
