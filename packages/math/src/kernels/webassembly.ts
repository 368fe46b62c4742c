/**
 * The few parts of the WebAssembly JavaScript interface that this package uses. Neither TypeScript's `es` libraries nor
 * Node's types declare it, and the `dom` library would bring all names of a browser into every package.
 */

/** A `WebAssembly.Memory` with `shared: true`: threads that got it by `postMessage` see the same bytes. */
export interface SharedMemory {
  /** All bytes; longer after the memory has grown. What was made from an earlier `buffer` stays valid. */
  readonly buffer: SharedArrayBuffer;
  /** Returns the size before, in pages of 64 KiB. Throws a RangeError beyond the maximum. */
  grow(pages: number): number;
}

/** `WebAssembly.Module`: compiled code. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}

/** `WebAssembly.Instance`: code bound to its imports. */
interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

interface WebAssemblyInterface {
  readonly Memory: new (descriptor: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => SharedMemory;
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: object) => WasmInstance;
}

/** `globalThis.WebAssembly`, typed. */
export const webAssembly: WebAssemblyInterface = (
  globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface }
).WebAssembly;
