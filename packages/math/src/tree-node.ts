/** Where a sum stands in the tree: it covers microbatches index x 2^level up to, not including, (index + 1) x 2^level. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}

/** The node that `node` is a child of. */
export function parentOf({ level, index }: TreeNode): TreeNode {
  return { level: level + 1, index: index >> 1 };
}

/** The other child of the same parent. */
export function siblingOf({ level, index }: TreeNode): TreeNode {
  return { level, index: index ^ 1 };
}

/** The two children, left one first. */
export function childrenOf({ level, index }: TreeNode): readonly [TreeNode, TreeNode] {
  return [
    { level: level - 1, index: 2 * index },
    { level: level - 1, index: 2 * index + 1 },
  ];
}

/** True when both name the same node. */
export function isSameNode(a: TreeNode, b: TreeNode): boolean {
  return a.level === b.level && a.index === b.index;
}

/** True when `node` is `top` or below it. */
export function isWithin(node: TreeNode, top: TreeNode): boolean {
  return node.level <= top.level && node.index >> (top.level - node.level) === top.index;
}

/** A number that is different for each node of any tree: a key for maps. */
export function nodeKey({ level, index }: TreeNode): number {
  return level * 0x1_0000_0000 + index;
}
