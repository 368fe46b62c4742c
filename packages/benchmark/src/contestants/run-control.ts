/** How a run is told what to do, over its address. */
export interface RunControl {
  /** Makes a run that holds go on. */
  resume(url: string): Promise<void>;
  /** Asks for another number of workers. */
  scale(url: string, workers: number): Promise<void>;
  /** Bytes of messages that went through the server so far. */
  traffic(url: string): Promise<Traffic>;
}

/** Bytes of messages, of all workers. */
export interface Traffic {
  readonly receivedBytes: number;
  readonly sentBytes: number;
}
