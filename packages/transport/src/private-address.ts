import { isLoopback, parseAddress } from './ws/address.ts';

/**
 * Whether only this machine reaches what listens on `address`: a Unix socket, loopback, or memory. A host name other
 * than localhost is not looked up: it counts as reachable.
 * @throws TransportError `bad-address`
 */
export function isPrivateAddress(address: string): boolean {
  if (address.startsWith('memory:')) return true;
  const parsed = parseAddress(address);
  return parsed.type === 'unix' || isLoopback(parsed.host);
}
