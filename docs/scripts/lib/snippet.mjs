import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Cuts a piece out of a source file by its markers:
 *
 *   // #region append
 *   ...
 *   // #endregion append
 *
 * @param {string} root folder that paths are counted from (the repository's)
 * @param {string} reference 'path/to/file.ts#region', or 'path/to/file.ts' for the whole file
 * @returns {string} the lines between the markers, shifted to the left margin
 * @throws {Error} when the file or the region is not there: the build must fail, not show an empty box
 */
export function cutSnippet(root, reference) {
  const [path = '', region] = reference.split('#')
  const file = join(root, path)
  if (!existsSync(file)) throw new Error(`snippet ${reference}: no file ${path}`)
  const lines = readFileSync(file, 'utf8').replace(/\r\n/g, '\n').trimEnd().split('\n')
  return dedent(region === undefined ? lines : between(lines, region, reference)).join('\n')
}

function between(lines, region, reference) {
  const at = (word) =>
    lines.findIndex((line) => line.trim().split(/\s+/).slice(1).join(' ') === `${word} ${region}`)
  const from = at('#region')
  const to = at('#endregion')
  if (from < 0 || to < 0) throw new Error(`snippet ${reference}: no region ${region}`)
  if (to <= from + 1) throw new Error(`snippet ${reference}: region ${region} is empty`)
  return lines.slice(from + 1, to).filter((line) => !/^\s*(\/\/|#) #(end)?region /.test(line))
}

function dedent(lines) {
  const indents = lines
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length)
  const margin = Math.min(...indents)
  return lines.map((line) => line.slice(margin))
}
