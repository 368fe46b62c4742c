/** What is asked of the thread that downloads, and what it answers. Plain values: they are copied between threads. */
import type { MessagePort } from 'node:worker_threads';
import type { TrainingErrorCode, TrainingErrorData } from '../../errors.ts';
import type { Address } from './address.ts';
import type { RemoteFile } from './download.ts';
import type { HttpCacheSettings } from './settings.ts';

/** One question at a time. */
export type Question =
  | { readonly kind: 'open'; readonly address: Address; readonly cache: HttpCacheSettings }
  | {
      readonly kind: 'bring';
      readonly file: RemoteFile;
      readonly first: number;
      readonly count: number;
      readonly cache: HttpCacheSettings;
    };

/** To `open` with the file. */
export type Reply =
  | { readonly kind: 'done'; readonly file?: RemoteFile }
  | {
      readonly kind: 'refused';
      readonly code: TrainingErrorCode;
      readonly message: string;
      readonly data: TrainingErrorData;
    }
  | { readonly kind: 'crashed'; readonly message: string };

/** What the thread is started with: `beats` counts its replies and its seconds. */
export interface ThreadParts {
  /** Where questions come from and replies go. */
  readonly port: MessagePort;
  readonly beats: Int32Array<SharedArrayBuffer>;
}

/** Places in `beats`. */
export const beatPlaces = { replies: 0, seconds: 1 } as const;
