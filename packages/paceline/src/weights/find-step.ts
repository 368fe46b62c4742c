import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * After how many steps weights were saved: from a checkpoint's manifest, or the `end` event of the run's folder.
 * `undefined` for a saved model that left its folder.
 */
export async function findStep(weightsFile: string): Promise<number | undefined> {
  const folder = dirname(weightsFile);
  const manifest = await readText(join(folder, 'manifest.json'));
  if (manifest !== undefined) return numberField(manifest, 'step');
  const events = await readText(join(folder, '..', 'events.ndjson'));
  const end = events?.split('\n').findLast((line) => line.startsWith('{"type":"end"'));
  return end === undefined ? undefined : numberField(end, 'steps');
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

function numberField(json: string, field: string): number | undefined {
  try {
    const value = (JSON.parse(json) as Readonly<Record<string, unknown>>)[field];
    return typeof value === 'number' ? value : undefined;
  } catch {
    return undefined;
  }
}
