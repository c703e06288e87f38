/**
 * APPEND and SUBTRACT on a config of type list (KIP-339).
 *
 * The text is split like in Java: empty elements at its end are dropped, other empty elements are kept, and the
 * declaration of the key refuses them later.
 */

/** The list after the operation. `before`: the current list, or its default. */
export function editList(before: string | null, edit: string, operation: 'APPEND' | 'SUBTRACT'): string {
  const list = (before ?? '').split(',').filter((each) => each !== '')
  for (const each of split(edit)) {
    const at = list.indexOf(each)
    if (operation === 'APPEND' && at < 0) list.push(each)
    if (operation === 'SUBTRACT' && at >= 0) list.splice(at, 1)
  }
  return list.join(',')
}

function split(text: string): string[] {
  if (text === '') return ['']
  const elements = text.split(',')
  while (elements.at(-1) === '') elements.pop()
  return elements
}
