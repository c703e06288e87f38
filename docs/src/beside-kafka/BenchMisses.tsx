import type { ReactNode } from 'react'
import { type Text, useSay } from '../i18n/locale'
import { advantage, type BenchRow, bench, wanted } from './bench'
import { benchWords } from './words'

const words = {
  none: { en: 'In the last run every target was reached.', ru: 'В последнем прогоне достигнуты все цели.' },
  wanted: { en: 'wanted', ru: 'цель' },
} satisfies Record<string, Text>

/** The rows of the last bench that missed their target, worst first. */
export default function BenchMisses(): ReactNode {
  const say = useSay()
  const missed = (bench?.rows ?? []).filter(({ met }) => met === false)
  const locale = say({ en: 'en', ru: 'ru' })
  const twoPlaces = (value: number) =>
    value.toLocaleString(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const lack = (row: BenchRow) => (advantage(row) ?? 0) / wanted(row)
  const counts = `${missed.length} / ${(bench?.rows ?? []).filter(({ met }) => met !== null).length}`
  if (missed.length === 0) return <p>{say(words.none)}</p>
  return (
    <>
      <p>
        {say({
          en: `Targets missed in the last run: ${counts}. The worst come first.`,
          ru: `Цели, не достигнутые в последнем прогоне: ${counts}. Самые далёкие — в начале списка.`,
        })}
      </p>
      <ul>
        {[...missed]
          .sort((a, b) => lack(a) - lack(b))
          .map((row) => (
            <li key={`${row.group} ${row.what}`}>
              {say(benchWords(row.group))}, {say(benchWords(row.what))}: {sign(row)}
              {row.ratio === null ? '' : twoPlaces(row.ratio)} ({say(words.wanted)}{' '}
              {row.better === 'more' ? '≥' : '≤'}
              {'\u00a0'}
              {twoPlaces(row.target)})
            </li>
          ))}
      </ul>
    </>
  )
}

function sign({ ratio }: BenchRow): string {
  return ratio === null ? '–' : '× '
}
