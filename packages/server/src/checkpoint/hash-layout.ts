import type { MessageOf } from '@paceline/protocol';
import { hashJson } from '@paceline/protocol';

/** SHA-256 (hex) of the canonical JSON of a layout without settings and notices: what model, data and backend it is of. */
export function hashLayout({
  settings: _settings,
  notices: _notices,
  ...layout
}: MessageOf<'layout'>): string {
  return hashJson(layout);
}
