import { TransportError } from '../errors.ts';

/** Where a server listens or is reached. */
export type SocketAddress =
  | { readonly type: 'tcp'; readonly host: string; readonly port: number }
  | { readonly type: 'unix'; readonly path: string };

/** A URL to connect to, taken apart. */
export interface SocketTarget {
  readonly address: SocketAddress;
  readonly isSecure: boolean;
  /** For ws: without credentials, path as given. */
  readonly url: string;
}

/** Bytes that fit `sun_path`, its closing zero left out: unix(7) on Linux, smaller on BSD and macOS. */
const longestPathBytes = process.platform === 'linux' ? 107 : 103;

/** Parses `HOST:PORT`, `[::1]:PORT` or `unix:/path`. @throws TransportError */
export function parseAddress(text: string): SocketAddress {
  if (text.startsWith('unix:')) return { type: 'unix', path: checkPath(text, text.slice(5)) };
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]/\s]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) {
    throw badAddress(text, 'an address is HOST:PORT, [IPV6]:PORT or unix:/path');
  }
  return { type: 'tcp', host, port };
}

/** Parses `ws://`, `wss://` and `ws+unix:///path:/`. @throws TransportError */
export function parseUrl(text: string): SocketTarget {
  if (text.startsWith('ws+unix:')) {
    const path = /^ws\+unix:\/\/(\/[^:]*)(?::.*)?$/.exec(text)?.[1];
    if (path === undefined) throw badAddress(text, 'a Unix socket is ws+unix:///path/to.sock:/');
    const address = { type: 'unix', path: checkPath(text, decodeURI(path)) } as const;
    return { address, isSecure: false, url: 'ws://localhost/' };
  }
  if (!URL.canParse(text)) throw badAddress(text, 'not a URL, which looks like ws://host:port');
  const url = new URL(text);
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    throw badAddress(text, 'the URL of a server starts with ws://, wss:// or ws+unix://');
  }
  const isSecure = url.protocol === 'wss:';
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { address: { type: 'tcp', host, port }, isSecure, url: url.href };
}

/** The text that `parseAddress` reads as this address. */
export function textOf(address: SocketAddress): string {
  return address.type === 'unix' ? `unix:${address.path}` : hostAndPort(address.host, address.port);
}

/** The URL under which a listening address is reached. */
export function urlOf(address: SocketAddress, isSecure = false): string {
  if (address.type === 'unix') return `ws+unix://${encodeURI(address.path)}:/`;
  return `${isSecure ? 'wss' : 'ws'}://${hostAndPort(address.host, address.port)}`;
}

/** `10.0.0.7:80`, `[::1]:80`. */
export function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether bytes to this host never leave the machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function checkPath(text: string, path: string): string {
  if (!path.startsWith('/')) throw badAddress(text, 'the path of a Unix socket starts with /');
  if (path.includes(':')) throw badAddress(text, 'the path of a Unix socket has no colon');
  const bytes = Buffer.byteLength(path);
  if (bytes > longestPathBytes) {
    const limit = `the path of a Unix socket has at most ${longestPathBytes} bytes`;
    throw new TransportError('path-too-long', text, `${text}: ${limit}, this one has ${bytes}`);
  }
  return path;
}

function badAddress(text: string, rule: string): TransportError {
  return new TransportError('bad-address', text, `${text}: ${rule}`);
}
