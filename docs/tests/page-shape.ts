/**
 * The shape of a page: all of it that a translation must keep. Words are not part of it.
 */

export interface Shape {
  headings: string[]
  fences: string[]
  components: string[]
  links: string[]
  notes: string[]
  tableRows: number
}

/** Properties of components that are not words: they must be equal in both languages. */
const FIXED = ['id', 'file', 'lab', 'verdict', 'name', 'kind', 'partitions', 'seed', 'to']

export function shapeOf(body: string): Shape {
  const prose = withoutFences(body)
  return {
    headings: [...prose.matchAll(/^(#{1,6}) .*?(?:\{\/\* (#[\w-]+) \*\/\})?$/gm)].map(
      ([, level, id]) => `${level} ${id ?? 'NO ID'}`,
    ),
    fences: [...body.matchAll(/^( *`{3,})(.*)\n([\s\S]*?)^\1 *$/gm)].map(
      ([, , info, code]) =>
        `${(info ?? '').replace(/title="[^"]*"/, 'title').trim()}\n${withoutWords(info ?? '', code ?? '')}`,
    ),
    components: [...prose.matchAll(/<([A-Z]\w*)((?:\s+\w+=(?:"[^"]*"|\{[^{}]*\}))*)/g)].map(
      ([, name, props]) => `${name}${fixedProps(props ?? '')}`,
    ),
    links: [...prose.matchAll(/!?\]\(([^)\s]+)/g)].map(([, to]) => to!),
    notes: [...prose.matchAll(/^:::(\w+)/gm)].map(([, kind]) => kind!),
    tableRows: [...prose.matchAll(/^\|.*\|$/gm)].length,
  }
}

/** How much of the letters of the prose (code, markup and names of settings left out) is Cyrillic: 0 to 1. */
export function cyrillicShare(body: string): number {
  const words = withoutFences(body)
    .replace(/`[^`]*`/g, '')
    .replace(/<[^>]*>|\]\([^)]*\)|\{\/\*.*?\*\/\}/g, '')
  const cyrillic = words.match(/\p{Script=Cyrillic}/gu)?.length ?? 0
  const latin = words.match(/\p{Script=Latin}/gu)?.length ?? 0
  return cyrillic + latin === 0 ? 1 : cyrillic / (cyrillic + latin)
}

/**
 * Code without what is translated: comments of a program; in a figure or pseudocode (`text`) all words, so that of a
 * line its numbers and signs are left, in no order (languages put words in orders of their own).
 */
function withoutWords(info: string, code: string): string {
  if (!info.startsWith('text')) return code.replace(/(\/\/|^ *#) .*$/gm, '$1')
  return code
    .split('\n')
    .map((line) => (line.match(/\d+|[^\p{L}\s.,:;_()'’«»]/gu) ?? []).sort().join(' '))
    .join('\n')
}

function withoutFences(body: string): string {
  return body.replace(/^( *`{3,}).*\n[\s\S]*?^\1 *$/gm, '')
}

function fixedProps(props: string): string {
  const all = [...props.matchAll(/(\w+)=("[^"]*"|\{[^{}]*\})/g)]
  return all.map(([, name, value]) => (FIXED.includes(name!) ? ` ${name}=${value}` : ` ${name}`)).join('')
}
