// The thread that writes checkpoints: started by writer.ts, one image at a time, in the order they come.
import { parentPort, workerData } from 'node:worker_threads';
import { ServerError } from '../errors.ts';
import type { Retention } from './retention.ts';
import type { CheckpointImage, WrittenCheckpoint } from './storage.ts';
import { createValidity } from './validity.ts';
import { writeCheckpoint } from './write-checkpoint.ts';

/** What the thread is started with. */
export interface WriterOptions {
  readonly folder: string;
  readonly retention: Retention;
}

/** What the thread says of each image, in their order. */
export type WriterReply =
  | { readonly kind: 'written'; readonly written: Omit<WrittenCheckpoint, 'tookMs'> }
  | { readonly kind: 'failed'; readonly message: string };

const port = parentPort;
if (port === null) throw new Error('the thread that writes checkpoints is started by writer.ts');
const { folder, retention } = workerData as WriterOptions;
const validity = createValidity();
port.on('message', (image: CheckpointImage) => {
  port.postMessage(write(image));
  release(image);
});

/** A thread without work collects no garbage: its last image would stay until the next one came. */
function release({ parameters, slots }: CheckpointImage): void {
  for (const { buffer } of [parameters, ...Object.values(slots)]) {
    if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
  }
}

function write(image: CheckpointImage): WriterReply {
  try {
    return { kind: 'written', written: writeCheckpoint(folder, image, { retention, validity }) };
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return { kind: 'failed', message: error.message };
  }
}
