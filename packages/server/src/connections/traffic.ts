/** Bytes of messages that went through a server's connections, frames and TLS not counted. */
export interface Traffic {
  readonly receivedBytes: number;
  readonly sentBytes: number;
}
