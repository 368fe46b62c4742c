import { sha256Hex } from '../digest.ts';
import { canonicalJson } from '../json.ts';
import type { JobSettings } from './job.ts';

/**
 * SHA-256 (hex) of the settings that matter for the bits of a run: two runs of one hash and seed may be
 * compared, and a checkpoint of one serves the other. Name, end, checkpoints and bucket size do not matter:
 * a longer run of the same job, cut into other messages, goes through the same parameters.
 */
export function jobHash(settings: JobSettings): string {
  const matters: Partial<Record<keyof JobSettings, unknown>> = { ...settings };
  delete matters.name;
  delete matters.until;
  delete matters.checkpoint;
  delete matters.bucketBytes;
  return sha256Hex(canonicalJson(matters));
}
