/** Version of the messages, the codec and the settings together. Peers of two versions do not talk. */
export const protocolVersion = 1;

/** WebSocket subprotocol that both sides must name; whoever does not is no paceline process. */
export const subprotocol = 'paceline.v1';
