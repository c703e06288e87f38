/** Hints, level by level: those of the check that failed, where it has some; else those of the lab. */
import type { LabText } from '../engine/lab.ts'
import { fill } from '../engine/words.ts'
import { wrap } from './columns.ts'
import type { Page } from './explain.ts'
import { hintsRead, rememberHint } from './progress.ts'
import { ui } from './ui-texts.ts'

export interface ShownHint {
  readonly title: string
  readonly lines: string[]
  readonly level: number
}

/**
 * The next hint, or the one of `level`; after the third, the third again. It counts as read.
 * @param test the check that failed last
 */
export function nextHint(lab: LabText, test: string | undefined, page: Page, level?: number): ShownHint {
  const own = test === undefined ? undefined : lab.tests[test]?.hints
  const about = own === undefined ? undefined : test
  const shown = level ?? Math.min(3, hintsRead(lab, about) + 1)
  rememberHint(lab, about, shown)
  const hint = (own ?? lab.hints)[shown - 1] ?? lab.hints[2]
  const { lang, ink, width } = page
  const name = about === undefined ? undefined : lab.tests[about]?.name[lang]
  const title =
    name === undefined
      ? fill(ui.hint, { level: shown })[lang]
      : fill(ui.hintFor, { level: shown, name })[lang]
  const code = typeof hint.code === 'object' ? hint.code[lang] : hint.code
  const block =
    code === undefined
      ? []
      : [
          '',
          ...code
            .trim()
            .split('\n')
            .map((line) => `    ${line}`.trimEnd()),
        ]
  return { title, lines: [...wrap(hint[lang], width), ...block.map((line) => ink.good(line))], level: shown }
}
