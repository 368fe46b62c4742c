import fc from 'fast-check';

/** The bits of Float32 numbers; all NaN are one, because WebAssembly leaves their payload open. */
export function bitsOf(values: Iterable<number>): readonly string[] {
  const view = new DataView(new ArrayBuffer(4));
  return Array.from(values, (value) => {
    view.setFloat32(0, value);
    return Number.isNaN(value) ? 'NaN' : view.getUint32(0).toString(16).padStart(8, '0');
  });
}

/** Numbers at which arithmetic goes wrong first. */
const edges = [
  0,
  -0,
  1,
  -1,
  1.401298464324817e-45,
  -1.401298464324817e-45,
  1.1754942106924411e-38,
  1.1754943508222875e-38,
  3.4028234663852886e38,
  -3.4028234663852886e38,
  16777216,
  1 + 2 ** -23,
  Infinity,
  -Infinity,
  NaN,
];

/** Any Float32 number: edges often, the rest by bits. */
export const anyFloat: fc.Arbitrary<number> = fc.oneof(fc.constantFrom(...edges), fc.float());

/** Numbers as in training, with subnormals and both zeros. */
export const finiteFloat: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(...edges.filter((edge) => Math.abs(edge) < 1e38)),
  fc.float({ noNaN: true, min: -1e6, max: 1e6 }),
);
