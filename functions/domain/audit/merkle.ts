import { createHash, hash } from 'node:crypto'

/**
 * A Merkle tree as certificates are logged in: leaves and nodes are hashed apart, and a node without a sibling rises as
 * it is. https://www.rfc-editor.org/rfc/rfc9162#section-2.1
 */

/** The levels of the tree, leaves first, its root alone in the last one. */
export type Tree = readonly (readonly string[])[]

export function leafHash(text: string): string {
  return createHash('sha256').update(leafMark).update(text).digest('hex')
}

export function treeOf(leaves: readonly string[]): Tree {
  const levels: string[][] = [[...leaves]]
  for (let level = levels[0] ?? []; level.length > 1; ) {
    const above: string[] = []
    for (let i = 0; i < level.length; i += 2) above.push(joined(level[i] ?? '', level[i + 1]))
    levels.push(above)
    level = above
  }
  return levels
}

export function rootOf(tree: Tree): string {
  return tree.at(-1)?.[0] ?? hash('sha256', '', 'hex')
}

/** The siblings on the way from a leaf to the root. */
export function pathOf(tree: Tree, index: number): readonly string[] {
  return tree.slice(0, -1).flatMap((level, height) => level[(index >> height) ^ 1] ?? [])
}

/** The root to which a path leads from a leaf; undefined when it is not the path of such a leaf. */
export function rootFrom(leaf: string, index: number, count: number, path: readonly string[]): string | undefined {
  if (index < 0 || index >= count) return undefined
  let [at, width, used, root] = [index, count, 0, leaf]
  while (width > 1) {
    if ((at ^ 1) < width) {
      const sibling = path[used++]
      if (sibling === undefined) return undefined
      root = at % 2 === 0 ? joined(root, sibling) : joined(sibling, root)
    }
    at >>= 1
    width = Math.ceil(width / 2)
  }
  return used === path.length ? root : undefined
}

const leafMark = Buffer.of(0)
const nodeMark = Buffer.of(1)

function joined(left: string, right: string | undefined): string {
  if (right === undefined) return left
  return createHash('sha256').update(nodeMark).update(left, 'hex').update(right, 'hex').digest('hex')
}
