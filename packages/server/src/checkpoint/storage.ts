import type { JobSettings, JsonObject, MessageOf } from '@paceline/protocol';

/** What a checkpoint says beside the numbers. All plain JSON. */
export interface CheckpointFacts {
  /** Id of the run. */
  readonly run: string;
  /** The life of the server that wrote it. */
  readonly term: number;
  /** The version of the parameters: how many steps they have behind them. */
  readonly step: number;
  readonly seed: number;
  /** `jobHash` of the settings. */
  readonly jobHash: string;
  /** Complete, to show the difference when a changed job is resumed. */
  readonly settings: JobSettings;
  /** The run's layout message: tensors, topology, splits, scalars, fingerprint, ... */
  readonly layout: MessageOf<'layout'>;
  /** See {@link hashLayout}. */
  readonly layoutHash: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
}

/**
 * What else belongs to the state: an open list, for whatever has something to keep (schedules, stop rules, compressors).
 * Names match `/^[a-z][a-z0-9-]*$/`.
 */
export type CheckpointSections = Readonly<Record<string, JsonObject>>;

/** The whole state of a run at a version. It owns its bytes; vectors are little-endian Float32 in layout order. */
export interface CheckpointImage {
  readonly facts: CheckpointFacts;
  /** Trainable, state and frozen tensors, one behind the other. */
  readonly parameters: Uint8Array;
  /** By optimizer slot; trainable tensors only, unless {@link slotTensors} says of which. */
  readonly slots: Readonly<Record<string, Uint8Array>>;
  /** Slots that have not the shapes of the trainable tensors: what they have instead, in their order. */
  readonly slotTensors?: Readonly<Record<string, readonly SlotTensor[]>>;
  /** The best model so far, where the run keeps it: {@link bestSections}, one tensor behind the other. */
  readonly best?: Uint8Array;
  readonly sections: CheckpointSections;
}

/** What an optimizer keeps for a trainable tensor in a shape of its own. */
export interface SlotTensor {
  /** That of the trainable tensor. */
  readonly name: string;
  readonly shape: readonly number[];
}

/** A checkpoint that is durable. */
export interface WrittenCheckpoint {
  readonly path: string;
  /** Of all files together. */
  readonly bytes: number;
  /** From the call of `write` to the last fsync. */
  readonly tookMs: number;
}

/** What was found when a folder was opened. */
export interface OpenedStorage {
  /** Greater than every term that ever opened this folder; on disk before this resolves, where the disk allows it. */
  readonly term: number;
  /** The newest checkpoint that is whole. Its bytes belong to the caller. */
  readonly newest: (CheckpointImage & { readonly path: string }) | undefined;
  /** Sentences: what was damaged and moved aside, swept, or could not be written. */
  readonly notices: readonly string[];
}

/** Where the checkpoints of one run are. One server at a time uses it. */
export interface CheckpointStorage {
  /** @throws ServerError `checkpoints-unusable` when the folder cannot be made or read */
  open(): Promise<OpenedStorage>;
  /**
   * Writes `step-N`, then deletes what need not be kept. The image is given away: its buffers are detached. Does not
   * block. A step that is there and whole is kept as it is.
   * @throws ServerError `checkpoint-failed`, in words (disk full, read-only, ...); older checkpoints are untouched then
   */
  write(image: CheckpointImage): Promise<WrittenCheckpoint>;
  /** Waits for the write under way. Afterwards nothing can be written. */
  close(): Promise<void>;
}
