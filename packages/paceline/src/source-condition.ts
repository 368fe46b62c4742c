/**
 * The export condition under which the packages of this repository give their sources, so that nothing has
 * to be built during development. An installed package has no sources, and must not be asked for them.
 */
const condition = '--conditions=paceline-source';

/** True when this very file runs as TypeScript, that is from the repository. */
const runsFromSources = import.meta.url.endsWith('.ts');

/** Node's arguments for a child process or a thread that is to load the same code as this one. */
export function sourceConditionArgs(): readonly string[] {
  return runsFromSources ? [condition] : [];
}

/** The extension of our own modules as they run now: `.ts` from the sources, `.js` when built. */
export function moduleExtension(): '.ts' | '.js' {
  return runsFromSources ? '.ts' : '.js';
}
