import { registerHooks } from 'node:module';

let registered = false;

/**
 * Lets a job file anywhere on the disk `import { defineJob } from 'paceline'`: where Node does not find the
 * package beside the file, it gets the one that is running. Also, a `.ts` file without a `package.json`
 * above it counts as an ES module at once (Node would try CommonJS first, and warn).
 */
export function resolveOwnPackage(): void {
  if (registered) return;
  registered = true;
  registerHooks({
    resolve: (specifier, context, next) => {
      const found = resolveOrSelf(specifier, (parent) =>
        next(specifier, parent === undefined ? context : { ...context, parentURL: parent }),
      );
      const untypedTypeScript = found.url.endsWith('.ts') && (found.format ?? null) === null;
      return untypedTypeScript ? { ...found, format: 'module-typescript' } : found;
    },
  });
}

function resolveOrSelf<T>(specifier: string, resolve: (parent?: string) => T): T {
  try {
    return resolve();
  } catch (error) {
    if (specifier !== 'paceline' && !specifier.startsWith('paceline/')) throw error;
    return resolve(import.meta.url);
  }
}
