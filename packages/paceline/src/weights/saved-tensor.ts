/** One tensor of saved weights. `bytes` are its little-endian Float32 values, a view into the file. */
export interface SavedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}
