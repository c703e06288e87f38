/**
 * Makes the output of a tool comparable, as normalise.ts does for responses.
 *
 * Addresses, ids, times and folders are replaced by words; blanks that align columns, and stack traces, are removed.
 */

const REPLACED: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID'],
  [/(TopicId:|ClusterId:|Cluster ID:|"directoryId":)(\s*"?)[\w-]{22}\b/g, '$1$2ID'],
  [/(?:\/?\b\d{1,3}(?:\.\d{1,3}){3}|localhost)(:\d+)?/g, 'HOST'],
  [/\bEpoch: \d+/g, 'Epoch: N'],
  [/\bport: \d+/g, 'port: PORT'],
  [/"logDir":"[^"]*"/g, '"logDir":"DIR"'],
  [/\b1[6-9]\d{11}\b/g, 'TIME'],
  [/\d+ ms\b/g, 'N ms'],
  [/^\[?\d{4}-\d\d-\d\d[ T][\d:,.]+\]?/gm, 'TIME'],
  [/[ \t]+/g, ' '],
  [/HOST(,HOST)+/g, 'HOST'],
  [/Local controller \d+/g, 'Local controller N'],
  [/HOST \d+/g, 'HOST PORT'],
  [/"log_dirs":\["(?!any)[^"]*"\]/g, '"log_dirs":["DIR"]'],
]

/** The lines of a text, without the parts that always differ. */
export function linesOf(text: string): string[] {
  const plain = REPLACED.reduce((so, [pattern, word]) => so.replaceAll(pattern, word), text)
  return plain
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^at [\w.$/]+\(|^\.\.\. \d+ more/.test(line))
}
