import { join } from 'node:path'
import { cutSnippet } from '../scripts/lib/snippet.mjs'

interface Node {
  type: string
  lang?: string | null
  meta?: string | null
  value?: string
  children?: Node[]
}

const ROOT = join(__dirname, '..', '..')

/**
 * A remark plugin: a fence with `file=path#region` is filled from the real source, so that a page never
 * shows code that the broker does not run. A missing file or region fails the build.
 *
 *   ```ts file=broker/src/log/log.ts#append
 *   ```
 */
export function snippets() {
  return (tree: Node) => visit(tree)
}

function visit(node: Node): void {
  const reference = node.type === 'code' ? /(?:^|\s)file=(\S+)/.exec(node.meta ?? '')?.[1] : undefined
  if (reference !== undefined) {
    node.value = cutSnippet(ROOT, reference)
    node.meta =
      `${node.meta?.replace(/(?:^|\s)file=\S+/, '') ?? ''} title="${reference.split('#')[0]}"`.trim()
  }
  for (const child of node.children ?? []) visit(child)
}
