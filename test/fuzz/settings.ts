/** How long each listener is attacked; `FUZZ_SECONDS=600 node test/run.js fuzz` for an evening. */
export const fuzzSeconds = Number(process.env['FUZZ_SECONDS'] ?? 12);

/** `FUZZ_SEED` repeats the choices of a run that failed; it is printed with every result. */
export const fuzzSeed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
