import type { FitHistory, FitLogs, FitParams } from './types.ts';

/** Keeps the numbers of epochs as `fit` does. */
export interface HistoryBook {
  readonly add: (epoch: number, logs: FitLogs) => void;
  readonly book: () => Pick<FitHistory, 'epoch' | 'history' | 'params'>;
}

/** Creates an empty one; `verbose` prints a line an epoch. */
export function createHistory(params: FitParams): HistoryBook {
  const epochs: number[] = [];
  const history: Record<string, number[]> = {};
  return {
    add(epoch, logs) {
      epochs.push(epoch);
      for (const [name, value] of Object.entries(logs)) (history[name] ??= []).push(value);
      if (params.verbose > 0) process.stderr.write(`${epochLine(epoch, logs, params)}\n`);
    },
    book: () => ({ epoch: epochs, history, params }),
  };
}

/** `epoch 3/10  loss 0.1234  acc 0.9567`; epochs are counted from 1 here, as people do. */
function epochLine(epoch: number, logs: FitLogs, { epochs }: FitParams): string {
  const numbers = Object.entries(logs).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
  return [`epoch ${String(epoch + 1)}/${String(epochs)}`, ...numbers].join('  ');
}
