/** A WebSocket frame by hand (RFC 6455, 5.2), so that it can be wrong in every way. */
export interface RawFrame {
  /** Default 2, binary. */
  readonly opcode?: number;
  /** Default true. */
  readonly isLast?: boolean;
  /** Reserved bits, 0 to 7; 4 stands for "compressed". */
  readonly reserved?: number;
  /** Default true: clients must. */
  readonly isMasked?: boolean;
  /** What the frame claims; default: the truth. */
  readonly claimedBytes?: number;
  readonly payload?: Uint8Array;
}

/** The bytes of a frame; masked with zeros, which leave the payload as it is. */
export function rawFrame(frame: RawFrame): Buffer {
  const { opcode = 2, isLast = true, reserved = 0, isMasked = true } = frame;
  const { payload = new Uint8Array() } = frame;
  const length = frame.claimedBytes ?? payload.length;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = (isLast ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (isMasked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, Buffer.alloc(isMasked ? 4 : 0), payload]);
}

/** The request that opens a WebSocket. */
export function handshake(subprotocol = 'paceline.v1'): string {
  return [
    'GET / HTTP/1.1',
    'Host: localhost',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Protocol: ${subprotocol}`,
    'Paceline-Lane: wanted',
    '\r\n',
  ].join('\r\n');
}
