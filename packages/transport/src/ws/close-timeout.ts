/**
 * How long a closed connection waits for the peer's answer before it is cut: a peer that is stopped
 * never answers, and must not hold up the end of this process.
 */
export const closeTimeoutMs = 5_000;

/** The option of `ws` for it (since 8.19; its published types do not have it yet). */
export interface CloseTimeout {
  readonly closeTimeout: number;
}
