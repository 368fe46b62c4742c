/** A leaf of a step. */
export interface LeafPlace {
  readonly version: number;
  readonly leaf: number;
}

/**
 * Which leaf will probably be computed next: leases last, so that a leaf is followed by the one that followed it the last
 * time, as many steps later. What comes instead is none the worse for it.
 */
export interface Foresight {
  /** This leaf is computed now; the one that will probably come next, if one can tell. */
  next(place: LeafPlace): LeafPlace | undefined;
}

/** Starts without any experience, and so expects nothing. */
export function createForesight(): Foresight {
  const followers = new Map<number, { readonly leaf: number; readonly steps: number }>();
  let last: LeafPlace | undefined;
  return {
    next(place) {
      const { version, leaf } = place;
      const steps = version - (last ?? place).version;
      // A server that was started again begins at its checkpoint: nothing is learned from going back.
      if (last !== undefined && steps >= 0) followers.set(last.leaf, { leaf, steps });
      last = place;
      const follower = followers.get(leaf);
      return follower && { version: version + follower.steps, leaf: follower.leaf };
    },
  };
}
