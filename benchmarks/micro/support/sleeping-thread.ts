// Sleeps until it is given the flag, and gives it back.
import { workerData } from 'node:worker_threads';

const { flag } = workerData as { readonly flag: Int32Array };
for (;;) {
  Atomics.wait(flag, 0, 0);
  Atomics.store(flag, 0, 0);
  Atomics.notify(flag, 0);
}
