export { createTestAuthority } from './certificate-files.ts';
export { openConnectProxy } from './connect-proxy.ts';
export { transportConformance } from './conformance.ts';
export { connect, peerOf, withPair } from './harness.ts';
export { wrapConnections } from './wrap-connections.ts';

export type { ConformanceCase } from './conformance.ts';
export type { TestAuthority } from './certificate-files.ts';
export type { Subject } from './harness.ts';
