import { bindWords } from '../scripts/lib/typography.mjs'

/** What a node of the tree may have: an element of HTML, a component, or text. */
interface Node {
  type: string
  tagName?: string
  value?: unknown
  attributes?: { type: string; name?: string; value?: unknown }[]
  children?: Node[]
}

/** Code is copied: it keeps the spaces that it has. */
const AS_IT_IS = new Set(['code', 'pre', 'kbd', 'samp', 'script', 'style'])
/** Properties of components that are sentences. */
const SENTENCES = new Set(['caption', 'says', 'ask'])

/** A rehype plugin: Russian pages get spaces that do not break. Data gets them in localise(). */
export function typography() {
  return (tree: Node, file: { path?: string }) => {
    if (isRussian(file.path)) bind(tree)
  }
}

export function isRussian(path: string | undefined): boolean {
  return /[/\\]i18n[/\\]ru[/\\]/.test(path ?? '')
}

function bind(node: Node): void {
  if (AS_IT_IS.has(node.tagName ?? '')) return
  if (node.type === 'text') node.value = bindWords(String(node.value))
  for (const attribute of node.attributes ?? [])
    if (SENTENCES.has(attribute.name ?? '') && typeof attribute.value === 'string')
      attribute.value = bindWords(attribute.value)
  for (const child of node.children ?? []) bind(child)
}
