/**
 * Everything for which a server refuses bytes, from the first of a TCP connection on to the messages of a worker: in the
 * order in which they are checked. Nothing that is refused has touched the state of the run. `reason` is stable, as programs
 * know it; `answer` is what the other side sees: HTTP status or close code.
 */
export const refusals = [
  {
    reason: 'too-many-connections',
    answer: '503, 1013',
    meaning: 'there is no room for more strangers, or for more connections altogether',
  },
  {
    reason: 'slow-request',
    answer: '408',
    meaning: 'an HTTP request, or its first byte, did not come in time',
  },
  {
    reason: 'bad-tls',
    answer: '-',
    meaning:
      'a TLS handshake that failed: plain HTTP on a TLS port, an older TLS, or a peer that does not believe the certificate',
  },
  {
    reason: 'bad-request',
    answer: '400, 431',
    meaning: 'bytes that are no HTTP, or headers that are too long',
  },
  {
    reason: 'large-request',
    answer: '411, 413',
    meaning: 'an HTTP request with a body that is too large, or does not say how large it is',
  },
  {
    reason: 'bad-upgrade',
    answer: '400, 405',
    meaning: 'an upgrade to something else than a WebSocket of this protocol',
  },
  {
    reason: 'bad-frame',
    answer: '1002, 1003, 1007, 1008',
    meaning: 'a frame that breaks the WebSocket protocol, is a text, or comes in too many pieces',
  },
  {
    reason: 'too-large',
    answer: '1009',
    meaning: 'a message over the limit, or more bytes than a stranger may send',
  },
  {
    reason: 'malformed',
    answer: '4003',
    meaning: 'not exactly one msgpack value of the allowed kinds, or one key twice',
  },
  { reason: 'too-deep', answer: '4003', meaning: 'maps and arrays nested too deep' },
  {
    reason: 'too-many-values',
    answer: '4003',
    meaning: 'a header that would take far more memory than bytes on the wire',
  },
  { reason: 'unknown-kind', answer: '4003', meaning: 'no message has this code' },
  { reason: 'wrong-direction', answer: '4003', meaning: 'a message that only a server sends' },
  {
    reason: 'bad-field',
    answer: '4003',
    meaning: 'a header field is missing, unknown, or has a wrong value',
  },
  {
    reason: 'bad-payload',
    answer: '4003',
    meaning: 'a payload is missing, not expected, or not of the declared length',
  },
  {
    reason: 'bad-checksum',
    answer: '4003',
    meaning: 'bits that changed on the way; no strike against the worker',
  },
  {
    reason: 'no-hello',
    answer: '4000',
    meaning: 'something else than a hello before the welcome',
  },
  { reason: 'hello-timeout', answer: '4010', meaning: 'no hello in time' },
  {
    reason: 'out-of-turn',
    answer: '4003',
    meaning: 'a message that this worker may not send at this point',
  },
  {
    reason: 'bad-layout',
    answer: '4003',
    meaning: 'a layout that contradicts itself, or needs more memory than the server has',
  },
  {
    reason: 'no-such-place',
    answer: '4003',
    meaning: 'a bucket, a length or a tree node that the run does not have',
  },
  {
    reason: 'unauthorized',
    answer: '4001, 401, 403, 429',
    meaning:
      'the token is missing, wrong, or for something else; wrong ones came too often; or a page of another origin asks',
  },
  { reason: 'version-skew', answer: '4002', meaning: 'another version of the protocol' },
  { reason: 'quarantined', answer: '4006', meaning: 'wrong results or broken messages too often' },
  {
    reason: 'refused',
    answer: '4007',
    meaning: 'model, data, settings or machine differ from those of the run, or it is full',
  },
] as const;

/** Under what a refusal is counted, in `/status.json` and in the log: for example `bad-frame`. */
export type RefusalReason = (typeof refusals)[number]['reason'];
