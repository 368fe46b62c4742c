import type { JobSettings, JsonObject, MessageOf } from '@paceline/protocol';

/** What a checkpoint says beside the numbers. */
export interface CheckpointFacts {
  readonly run: string;
  readonly term: number;
  readonly step: number;
  readonly seed: number;
  readonly jobHash: string;
  readonly settings: JobSettings;
  readonly layout: MessageOf<'layout'>;
  readonly layoutHash: string;
  readonly createdAtMs: number;
}
export type CheckpointSections = Readonly<Record<string, JsonObject>>;
export interface CheckpointImage {
  readonly facts: CheckpointFacts;
  readonly parameters: Uint8Array;
  readonly slots: Readonly<Record<string, Uint8Array>>;
  readonly sections: CheckpointSections;
}
export interface WrittenCheckpoint {
  readonly path: string;
  readonly bytes: number;
  readonly tookMs: number;
}
export interface OpenedStorage {
  readonly term: number;
  readonly newest: (CheckpointImage & { readonly path: string }) | undefined;
  readonly notices: readonly string[];
}
export interface CheckpointStorage {
  open(): Promise<OpenedStorage>;
  write(image: CheckpointImage): Promise<WrittenCheckpoint>;
  close(): Promise<void>;
}
