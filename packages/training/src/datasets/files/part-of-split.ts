/** A split that has some of the examples of another one. */
import type { Batch, Blocks, Split } from '../dataset.ts';
import { checkIndices } from '../gather.ts';

/** `members` are examples of `whole` in ascending order. Closing it closes the whole. */
export function partOf<B extends Batch | Promise<Batch>>(
  whole: Split<B>,
  members: Uint32Array,
  digest: string,
): Split<B> {
  const blocks = whole.blocks && partOfBlocks(whole.blocks, members);
  return {
    examples: members.length,
    digest,
    ...(blocks && { blocks }),
    read(indices) {
      checkIndices(indices, members.length);
      return whole.read(indices.map((index) => members[index] ?? 0));
    },
    close() {
      whole.close?.();
    },
  };
}

/** As many as a part has of each block. */
function partOfBlocks({ sizes, windowExamples }: Blocks, members: Uint32Array): Blocks {
  let end = 0;
  let next = 0;
  const parts = sizes.map((size) => {
    const first = next;
    end += size;
    while (next < members.length && (members[next] ?? 0) < end) next += 1;
    return next - first;
  });
  return { sizes: parts.filter((size) => size > 0), windowExamples };
}
