/**
 * Functions of numbers with the same bits on every machine: engines differ in the last digits of `Math.pow` and `Math.cos`.
 * Their code is AssemblyScript's own (a port of musl's), in WebAssembly.
 */
import { decodeBase64 } from './base64.ts';
import { functionsWasm } from './functions.wasm.ts';
import { webAssembly } from './webassembly.ts';

interface Functions {
  power(base: number, exponent: number): number;
  cosine(angle: number): number;
}

let functions: Functions | undefined;

function load(): Functions {
  const module = new webAssembly.Module(decodeBase64(functionsWasm));
  functions = new webAssembly.Instance(module, {}).exports as unknown as Functions;
  return functions;
}

/** `base` to the power of `exponent`, to about one unit in the last place. */
export function power(base: number, exponent: number): number {
  return (functions ?? load()).power(base, exponent);
}

/** The cosine of an angle in radians, to about one unit in the last place. */
export function cosine(angle: number): number {
  return (functions ?? load()).cosine(angle);
}
