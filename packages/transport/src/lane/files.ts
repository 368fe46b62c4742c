/** Where the parts of a lane are: a file of each connection, and one of the server for all of them. */
import { mostBytes } from './lane.ts';
import type { Ring } from './ring.ts';

const ring: Ring = { start: 4096, bytes: mostBytes };

/** Of both files. */
export const fileBytes: number = ring.start + ring.bytes;

/** In a connection's file, what its client writes. */
export const up: Ring = ring;
/** In a connection's file, how many frames the server has read. */
export const upCounterAt = 0;
/** In a connection's file, how many frames the client has read. */
export const downCounterAt = 64;

/** In the server's file, what it writes for all. */
export const down: Ring = ring;
/** The server's file begins with bytes by which it is known. */
export const nonceBytes = 16;
