import { Command } from 'commander';
import { evaluate } from 'paceline';
import { addFlags, flags, formatCount, formatMetrics } from 'paceline/programs';

interface EvaluateFlags {
  readonly backend?: 'auto' | 'tensorflow' | 'wasm' | 'cpu';
  readonly set: readonly string[];
  readonly json?: boolean;
}

const examples = `
Examples:
  $ paceline evaluate mnist-mlp runs/mnist-mlp-20260830-174503
  $ paceline evaluate job.ts runs/job-20260830-174503/checkpoints/step-200 --json
`;

/** `paceline evaluate JOB DIR`: metrics of saved weights. */
export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .summary('metrics of saved weights on the test data')
    .description(
      "Computes loss and metrics of saved weights on the job's test data. On the backend of the run they equal " +
        "the run's last evaluation to the bit.",
    )
    .argument('<JOB>', 'a job file (.ts, .js, .json) or the name of a built-in job')
    .argument('<DIR>', "a run's folder, a saved model or a checkpoint")
    .addHelpText('after', examples);
  return addFlags(command, [flags.backend, flags.set, flags.json]).action(
    async (job: string, directory: string, options: EvaluateFlags) => {
      const result = await evaluate({
        job,
        directory,
        ...(options.backend === undefined ? {} : { backend: options.backend }),
        set: options.set,
        onNotice: (line) => process.stderr.write(`${line}\n`),
      });
      const { loss, metrics, examples: count, backend, weights } = result;
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify({ type: 'evaluation', ...result })}\n`
          : `${formatMetrics({ ...metrics, loss })} on ${formatCount(count)} test examples (${backend}, ${weights})\n`,
      );
    },
  );
}
