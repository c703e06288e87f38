/**
 * A list in a config, with elements appended or taken out (KIP-339).
 *
 * The text is split as Java splits it: empty elements at its end are none, one that stands elsewhere is; the declaration of
 * the key refuses it then.
 */

/** `before`: the list as it is set, or its default. */
export function editedList(before: string | null, edit: string, how: 'APPEND' | 'SUBTRACT'): string {
  const list = (before ?? '').split(',').filter((each) => each !== '')
  for (const each of split(edit)) {
    const at = list.indexOf(each)
    if (how === 'APPEND' && at < 0) list.push(each)
    if (how === 'SUBTRACT' && at >= 0) list.splice(at, 1)
  }
  return list.join(',')
}

function split(text: string): string[] {
  if (text === '') return ['']
  const elements = text.split(',')
  while (elements.at(-1) === '') elements.pop()
  return elements
}
