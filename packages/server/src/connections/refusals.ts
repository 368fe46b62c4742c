import type { RefusalReason } from '@paceline/protocol';
import type { Clock, Logger } from '@paceline/telemetry';
import type { Refused } from '@paceline/transport';

/** Why a message is not taken. */
export interface Objection {
  readonly reason: RefusalReason;
  /** A sentence about whoever sent it. */
  readonly words: string;
}

/** Counts what was refused, by reason, and says so in the log: seldom, as a flood must not fill the disk. */
export interface Refusals {
  /** Counts one. */
  readonly count: (refused: Refused) => void;
  /** How often, by reason; reasons that never came are left out. */
  readonly counts: Readonly<Partial<Record<RefusalReason, number>>>;
}

/** One line in the log for all refusals of so long. */
const lineEveryMs = 10_000;
/** Details come from outside: no more of one gets into the log. */
const mostDetail = 200;

/** Starts counting. */
export function createRefusals(o: { readonly clock: Clock; readonly logger: Logger }): Refusals {
  const counts: Partial<Record<RefusalReason, number>> = {};
  let pending: Partial<Record<RefusalReason, number>> = {};
  let nextLineMs = -Infinity;
  return {
    counts,
    count({ reason, detail }) {
      counts[reason] = (counts[reason] ?? 0) + 1;
      pending[reason] = (pending[reason] ?? 0) + 1;
      const nowMs = o.clock.now();
      if (nowMs < nextLineMs) return;
      nextLineMs = nowMs + lineEveryMs;
      o.logger.warn({ refusals: pending }, `refused: ${reason} (${detail.slice(0, mostDetail)})`);
      pending = {};
    },
  };
}
