import type { Token } from '@paceline/protocol';
import { watchSource } from '@paceline/transport';
import type { Reload } from '@paceline/transport';
import type { ServerOptions } from '../options.ts';

/** Looks for new tokens where they come from, and tells the log. The returned function stops it. */
export function watchTokens(
  { readTokens, tokens = [], clock, logger }: ServerOptions,
  use: (tokens: readonly Token[]) => void,
): () => void {
  if (readTokens === undefined) return () => undefined;
  const source = {
    read: readTokens,
    use,
    onReload: (outcome: Reload) => {
      if (outcome.kind === 'reloaded') logger.info({}, 'new tokens are in use');
      else logger.error({}, `the old tokens stay in use: ${outcome.words}`);
    },
  };
  return watchSource(source, tokens, clock);
}
