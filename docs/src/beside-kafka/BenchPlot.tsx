import { Fragment, type ReactNode } from 'react'
import { type Text, useSay } from '../i18n/locale'
import styles from './BenchPlot.module.css'
import { advantage, type BenchRow, bench, byGroup, wanted } from './bench'
import { benchWords, unitWords } from './words'

const words = {
  missing: { en: 'The figures are written by npm run bench.', ru: 'Цифры появятся после npm run bench.' },
  caption: {
    en: 'Offset Zero beside Apache Kafka: medians, and how many times better (right of the line) or worse (left of it) we are. The tick is our target.',
    ru: 'Offset Zero рядом с Apache Kafka: медианы и во сколько раз мы лучше (справа от черты) или хуже (слева). Засечка — наша цель.',
  },
  what: { en: 'Load', ru: 'Нагрузка' },
  ours: { en: 'Offset Zero', ru: 'Offset Zero' },
  kafka: { en: 'Kafka', ru: 'Kafka' },
  times: { en: 'Times better', ru: 'Во сколько раз лучше' },
  reached: { en: 'target reached', ru: 'цель достигнута' },
  missed: { en: 'target missed', ru: 'цель не достигнута' },
  rough: {
    en: 'Only a tendency: this run had fewer than three rounds, or the machine was busier than it has cores.',
    ru: 'Это только тенденция: в прогоне было меньше трёх раундов или машина была загружена сверх числа своих ядер.',
  },
  contradicted: {
    en: '* The medians say the opposite: they come from different rounds, and the machine was not equally fast in all of them. "Times better" is computed from figures of the same round.',
    ru: '* Медианы говорят обратное: они взяты из разных раундов, а скорость машины от раунда к раунду менялась. «Во сколько раз лучше» считается по цифрам одного раунда.',
  },
} satisfies Record<string, Text>

/** The ends of the scale: 32 times worse and better, in powers of two. What lies beyond is drawn at the end. */
const POWERS_MAX = 5

/** Every row of the last bench: a table for all, with a dot on a logarithmic scale for the eye. */
export default function BenchPlot(): ReactNode {
  const say = useSay()
  if (bench === null) return <p className="oz-empty">{say(words.missing)}</p>
  return (
    <>
      {bench.rough === true && <p className="oz-empty">{say(words.rough)}</p>}
      <table className={styles.plot}>
        <caption>{say(words.caption)}</caption>
        <thead>
          <tr>
            <th scope="col">{say(words.what)}</th>
            <th scope="col">{say(words.ours)}</th>
            <th scope="col">{say(words.kafka)}</th>
            <th scope="col">{say(words.times)}</th>
          </tr>
        </thead>
        <tbody>
          {byGroup(bench.rows).map(([group, rows]) => (
            <Fragment key={group}>
              <tr className={styles.group}>
                <th scope="rowgroup" colSpan={4}>
                  {say(benchWords(group))}
                </th>
              </tr>
              {rows.map((row) => (
                <Row key={row.what} row={row} />
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
      {bench.rows.some(({ contradicted }) => contradicted) && <p>{say(words.contradicted)}</p>}
    </>
  )
}

function Row({ row }: { row: BenchRow }): ReactNode {
  const say = useSay()
  const times = advantage(row)
  const locale = say({ en: 'en', ru: 'ru' })
  const unit = say(unitWords(row.unit))
  return (
    <tr>
      <th scope="row">{say(benchWords(row.what))}</th>
      <td data-label={say(words.ours)}>{figure(row.median['offset-zero'], unit, locale)}</td>
      <td data-label={say(words.kafka)}>{figure(row.median.kafka, unit, locale)}</td>
      <td className={styles.times} data-met={row.met ?? undefined}>
        <span>
          {times === undefined ? '–' : `× ${short(times, locale)}`}
          {row.contradicted && ' *'}
          {row.met !== null && (
            <span className={styles.verdict}> {say(row.met ? words.reached : words.missed)}</span>
          )}
        </span>
        {times !== undefined && <Scale times={times} target={wanted(row)} />}
      </td>
    </tr>
  )
}

/** A number line from 1/32 to 32: the line in the middle is "as good as Kafka". */
function Scale({ times, target }: { times: number; target: number }): ReactNode {
  const x = (value: number) => {
    const powers = Math.max(-POWERS_MAX, Math.min(POWERS_MAX, Math.log2(value)))
    return `${(50 + (powers / POWERS_MAX) * 46).toFixed(2)}%`
  }
  return (
    <svg className={styles.scale} width="100%" height="16" aria-hidden="true" focusable="false">
      <line x1="4%" x2="96%" y1="8" y2="8" className={styles.axis} />
      <line x1="50%" x2="50%" y1="1" y2="15" className={styles.equal} />
      <line x1={x(1)} x2={x(times)} y1="8" y2="8" className={styles.bar} />
      <line x1={x(target)} x2={x(target)} y1="3" y2="13" className={styles.target} />
      <circle cx={x(times)} cy="8" r="4.5" className={styles.dot} />
    </svg>
  )
}

function figure(value: number | null, unit: string, locale: string): string {
  return value === null ? '–' : `${short(value, locale)} ${unit}`
}

function short(value: number, locale: string): string {
  return value.toLocaleString(locale, { maximumSignificantDigits: value >= 1000 ? 4 : 3 })
}
