import type { ModelBenchmark } from '../board/model-benchmark.ts';
import type { Absent, Contestant } from './contestant.ts';
import { names } from './names.ts';
import { startPythonPeer } from './python-peer.ts';

/** PyTorch's DistributedDataParallel over gloo, 2 ranks of one thread; absent where `torch` cannot be imported. */
export function startTorch(
  { name: argument, warmUpSteps, blockSteps }: ModelBenchmark,
  python: string,
): Promise<Contestant | Absent> {
  const peer = { name: names.torch, script: 'torch_ddp.py', argument, warmUpSteps, blockSteps };
  return startPythonPeer(peer, python);
}
