import { benchJoin, benchModel, benchStart, models } from '@paceline/benchmark';
import type {
  LatencyResult,
  ModelBenchmark,
  ModelResult,
  RunControl,
  Traffic,
} from '@paceline/benchmark';

import { askServer } from '../control/request.ts';
import { latencyLines, modelLines } from '../render/bench-lines.ts';

/** The flags of `paceline bench`. */
export interface BenchFlags {
  readonly rounds: number;
  readonly peers: boolean;
  readonly json?: boolean;
}

/** How long something takes. */
export const latencies = ['start', 'join'] as const;

/** Runs the benchmarks of these names, or all, and prints what came of each. */
export async function runBenchmarks(names: readonly string[], options: BenchFlags): Promise<void> {
  const isWanted = (name: string): boolean => names.length === 0 || names.includes(name);
  for (const model of models) if (isWanted(model.name)) await runModel(model, options);
  for (const name of latencies) if (isWanted(name)) await runLatency(name, options);
}

async function runModel(model: ModelBenchmark, options: BenchFlags): Promise<void> {
  const result = await benchModel(model, {
    ...options,
    python: process.env['PACELINE_BENCH_PYTHON'] ?? 'python3',
    control,
    onProgress: progressOf(model.name),
  });
  print(result, modelLines(model, result), options);
}

async function runLatency(name: (typeof latencies)[number], options: BenchFlags): Promise<void> {
  const program = { command: process.execPath, args: [...process.execArgv, process.argv[1] ?? ''] };
  const fixed = { rounds: options.rounds, onProgress: progressOf(name) };
  const result = await (name === 'start'
    ? benchStart({ ...fixed, program })
    : benchJoin({ ...fixed, control }));
  print(result, latencyLines(result), options);
}

const control: RunControl = {
  resume: async (url) => {
    await askServer(url, { method: 'POST', path: '/control/resume' });
  },
  scale: async (url, workers) => {
    await askServer(url, { method: 'POST', path: '/control/scale', body: { workers } });
  },
  traffic: async (url) => {
    const status = await askServer(url, { method: 'GET', path: '/status.json' });
    return (status as { readonly traffic: Traffic }).traffic;
  },
};

function progressOf(name: string): (line: string) => void {
  return (line) => void process.stderr.write(`${name}: ${line}\n`);
}

function print(
  result: ModelResult | LatencyResult,
  lines: readonly string[],
  { json }: BenchFlags,
): void {
  process.stdout.write(`${json === true ? JSON.stringify(result) : lines.join('\n')}\n`);
}
