/**
 * msgpackr without its native addon, which is for long strings and takes 10 ms to load in each process and thread.
 * TypeScript does not find the types of this entry: they are those of the whole package.
 */
import * as entry from 'msgpackr/pack';

type Msgpackr = Pick<typeof import('msgpackr'), 'Packr' | 'Unpackr'>;

const msgpackr = entry as unknown as Msgpackr;

export const Packr: Msgpackr['Packr'] = msgpackr.Packr;
export const Unpackr: Msgpackr['Unpackr'] = msgpackr.Unpackr;
