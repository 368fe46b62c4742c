declare module 'proxy-from-env' {
  /** The URL of the proxy in front of `url`, as `process.env` says; empty where there is none. */
  export function getProxyForUrl(url: string): string;
}
