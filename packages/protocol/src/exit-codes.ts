/** Exit codes of every paceline command. A worker that was drained has finished. */
export const exitCodes = {
  finished: 0,
  /** Wrong arguments or a wrong job. */
  usage: 2,
  /** Training failed. */
  failed: 3,
  /** The server was not reached in time. */
  unreachable: 4,
  /** After Ctrl-C, with the checkpoint written. */
  interrupted: 130,
  /** After SIGTERM, with the checkpoint written. */
  terminated: 143,
} as const;

/** Name of an exit code. */
export type ExitName = keyof typeof exitCodes;
