/** Types of the elements of NumPy arrays (numpy.org/doc/stable/reference/arrays.dtypes.html), given as Float32. */

/** How elements become Float32. */
export interface ElementType {
  /** Bytes of an element. */
  readonly size: number;
  /** Decodes as many elements as `into` has. */
  decode(bytes: Uint8Array, into: Float32Array): void;
}

type ReadElement = (view: DataView, at: number, isLittle: boolean) => number;

const readers: Readonly<Record<string, { readonly size: number; readonly read: ReadElement }>> = {
  b1: { size: 1, read: (view, at) => Number(view.getUint8(at) !== 0) },
  u1: { size: 1, read: (view, at) => view.getUint8(at) },
  i1: { size: 1, read: (view, at) => view.getInt8(at) },
  u2: { size: 2, read: (view, at, isLittle) => view.getUint16(at, isLittle) },
  i2: { size: 2, read: (view, at, isLittle) => view.getInt16(at, isLittle) },
  u4: { size: 4, read: (view, at, isLittle) => view.getUint32(at, isLittle) },
  i4: { size: 4, read: (view, at, isLittle) => view.getInt32(at, isLittle) },
  u8: { size: 8, read: (view, at, isLittle) => Number(view.getBigUint64(at, isLittle)) },
  i8: { size: 8, read: (view, at, isLittle) => Number(view.getBigInt64(at, isLittle)) },
  f2: { size: 2, read: (view, at, isLittle) => halfFloat(view.getUint16(at, isLittle)) },
  f4: { size: 4, read: (view, at, isLittle) => view.getFloat32(at, isLittle) },
  f8: { size: 8, read: (view, at, isLittle) => view.getFloat64(at, isLittle) },
};

/** The names of the types that can be read, without their byte order. */
export const elementTypeNames: readonly string[] = Object.keys(readers);

/** The type that a description such as `<f4` names; undefined for one that is not read. */
export function elementTypeOf(description: string): ElementType | undefined {
  const [, order = '', name = ''] = /^([<>|=]?)(\w+)$/.exec(description) ?? [];
  const known = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (known === undefined) return undefined;
  const { size, read } = known;
  const isLittle = order !== '>';
  if (name === 'f4' && isLittle) return { size, decode: copyFloats };
  if (name === 'u1')
    return { size, decode: (bytes, into) => into.set(bytes.subarray(0, into.length)) };
  return {
    size,
    decode(bytes, into) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let i = 0; i < into.length; i += 1) into[i] = read(view, i * size, isLittle);
    },
  };
}

function copyFloats(bytes: Uint8Array, into: Float32Array): void {
  new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(
    bytes.subarray(0, into.byteLength),
  );
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction; exact in a double. */
function halfFloat(bits: number): number {
  const sign = bits >= 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return (sign * (1024 + fraction) * 2 ** exponent) / 2 ** 25;
}
