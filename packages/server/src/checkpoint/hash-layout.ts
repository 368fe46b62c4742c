import type { MessageOf } from '@paceline/protocol';
import { hashJson } from '@paceline/protocol';

/** SHA-256 (hex) of the canonical JSON of a layout without its settings: what model, data and backend it is of. */
export function hashLayout({ settings: _, ...layout }: MessageOf<'layout'>): string {
  return hashJson(layout);
}
