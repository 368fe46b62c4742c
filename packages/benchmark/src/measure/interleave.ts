import type { Block, Contestant } from '../contestants/contestant.ts';

/** The blocks of every contestant, by name. */
export type Blocks = ReadonlyMap<string, readonly Block[]>;

/**
 * Lets contestants train in turns, `rounds` blocks each: A B C, C B A, A B C, ... One works while the others rest, so
 * that what the machine does meanwhile meets all of them alike, and nobody always follows the same one.
 */
export async function interleave(o: {
  readonly contestants: readonly Contestant[];
  readonly rounds: number;
  readonly onBlock?: (contestant: string, round: number, block: Block) => void;
}): Promise<Blocks> {
  const blocks = new Map<string, Block[]>(o.contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < o.rounds; round += 1) {
    const order = round % 2 === 0 ? o.contestants : o.contestants.toReversed();
    for (const contestant of order) {
      const block = await contestant.block();
      blocks.get(contestant.name)?.push(block);
      o.onBlock?.(contestant.name, round, block);
    }
  }
  return blocks;
}
