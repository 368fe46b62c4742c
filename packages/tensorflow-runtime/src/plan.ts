/**
 * What there is, as far as the next step depends on it. Looking is done elsewhere (`provision.ts`); this file decides.
 */
export interface Found {
  readonly tfjsNode: boolean;
  /** `verified`: computed the known gradient with this Node; `broken`: tried, and did not. */
  readonly addon: 'absent' | 'unverified' | 'verified' | 'broken';
  /** Whether the cache has a complete entry for this platform and this addon source. */
  readonly cached: boolean;
  /** Whether the addon in place is that entry. */
  readonly linked: boolean;
  readonly prebuilt: 'none' | 'untried' | 'failed';
  /** Whether TensorFlow has a library for this platform. */
  readonly wheelExists: boolean;
  readonly wheelDownloaded: boolean;
  /** Undefined until somebody looked: it takes a moment. */
  readonly tools: { readonly pip: boolean; readonly compiler: boolean } | undefined;
}

/** The next thing to do, or why nothing can be done. */
export type Step =
  | { readonly do: 'done' }
  | { readonly do: 'bring-tfjs-node' }
  | { readonly do: 'verify' }
  | { readonly do: 'link' }
  | { readonly do: 'forget-entry' }
  | { readonly do: 'try-install-script' }
  | { readonly do: 'find-tools' }
  | { readonly do: 'download' }
  | { readonly do: 'build' }
  | {
      readonly do: 'fail';
      readonly code: 'platform-unsupported' | 'tools-absent' | 'pip-absent' | 'compiler-absent';
    };

/** Steps that make something; the others look, link or end, take no time worth a lock and do no harm twice. */
export function isWork(step: Step): boolean {
  return [
    'bring-tfjs-node',
    'forget-entry',
    'try-install-script',
    'find-tools',
    'download',
    'build',
  ].includes(step.do);
}

/**
 * Pure: the next step. In this order: what loads already; what the cache has; tfjs-node's own install script; a build
 * of its sources against the libraries of the Python wheel. Both tools are asked for before 274 MB are fetched.
 */
export function planNextStep(found: Found): Step {
  if (!found.tfjsNode) {
    return { do: 'bring-tfjs-node' };
  }
  if (found.addon === 'verified') {
    return { do: 'done' };
  }
  if (found.addon === 'unverified') {
    return { do: 'verify' };
  }
  if (found.cached) {
    return found.linked ? { do: 'forget-entry' } : { do: 'link' };
  }
  return found.prebuilt === 'untried' ? { do: 'try-install-script' } : planBuild(found);
}

function planBuild(found: Found): Step {
  if (!found.wheelExists) {
    return { do: 'fail', code: 'platform-unsupported' };
  }
  if (found.tools === undefined) {
    return { do: 'find-tools' };
  }
  const canFetch = found.wheelDownloaded || found.tools.pip;
  if (!found.tools.compiler) {
    return { do: 'fail', code: canFetch ? 'compiler-absent' : 'tools-absent' };
  }
  if (!canFetch) {
    return { do: 'fail', code: 'pip-absent' };
  }
  return { do: found.wheelDownloaded ? 'build' : 'download' };
}
