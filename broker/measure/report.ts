import type { Figures } from './bench.ts'
import type { Group } from './plan.ts'
import { columnWords } from './words.ts'

/**
 * The table of a group. A ratio compares two settings within one round, run one right after the other; what is shown is the
 * median of the rounds' ratios, with the lowest and the highest of them: far apart, and it was the machine that was measured.
 */

export type Lang = 'en' | 'ru'

/** By setting, by round. */
export type Runs = readonly (readonly Figures[])[]

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** Records a second of a setting, divided by those of the first one, for each round. */
export function ratios(runs: Runs, setting: number): number[] {
  return runs[setting]!.map(({ recordsPerS }, round) => recordsPerS / runs[0]![round]!.recordsPerS)
}

/** The lines of a group: its title, the names of the columns, a line for each setting. */
export function table(group: Group, runs: Runs, lang: Lang): string[] {
  const names = ['', columnWords.recordsPerS[lang], columnWords.ratio[lang], columnWords.range[lang]]
  const head = [...names, ...group.shows.map((column) => columnWords[column][lang])]
  const rows = group.settings.map(({ name }, setting) => {
    const all = ratios(runs, setting)
    const figures = runs[setting]!
    const of = (key: keyof Figures) => median(figures.map((each) => each[key] ?? 0))
    const shown = {
      p50Ms: () => number(of('p50Ms'), lang, 2),
      p99Ms: () => number(of('p99Ms'), lang, 2),
      bytesPerRecord: () => number(of('bytesPerRecord'), lang, 0),
      megabytesPerS: () => number((of('recordsPerS') * of('bytesPerRecord')) / 1e6, lang, 1),
    }
    return [
      name[lang],
      number(of('recordsPerS'), lang, 0),
      number(median(all), lang, 2),
      setting === 0 ? '' : `${number(Math.min(...all), lang, 2)}–${number(Math.max(...all), lang, 2)}`,
      ...group.shows.map((column) => shown[column]()),
    ]
  })
  return [group.title[lang], ...aligned([head, ...rows])]
}

/** The first column to the left, numbers to the right. */
function aligned(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .replace(/^/, '  ')
      .trimEnd(),
  )
}

/** Large numbers without digits after the point; 0 has none either. */
function number(value: number, lang: Lang, digits: number): string {
  const format = new Intl.NumberFormat(lang, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return format.format(value)
}
