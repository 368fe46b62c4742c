/**
 * The most bytes that have arrived on one connection of a port and that its process has not read, from the kernel's table
 * of TCP sockets (`/proc/net/tcp`, proc(5)); undefined when the port has no connection there. Pure.
 */
export function longestUnreadBytes(table: string | undefined, port: number): number | undefined {
  const own = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = (table ?? '').split('\n').map((line) => line.trim().split(/\s+/));
  const unread = lines.flatMap(([, local = '', , state, queues = '']) => {
    if (!local.endsWith(own) || state !== established) return [];
    return parseInt(queues.split(':')[1] ?? '', 16);
  });
  return unread.length === 0 ? undefined : Math.max(...unread);
}

const established = '01';
