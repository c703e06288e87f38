import useDocusaurusContext from '@docusaurus/useDocusaurusContext'
import { type ReactNode, useId, useState } from 'react'
import { useSay } from '../../i18n/locale'
import styles from '../StoryFigure.module.css'
import { fill } from '../words'
import { LIMITS, type Limited, type Load, limitsOf } from './limits'
import { limitNames, limitsWords, loadNames, remedies } from './limits-words'

const KEYS = ['valueBytes', 'perBatch', 'inFlight', 'roundTripMs', 'copies', 'groups'] as const
/** Where the sliders stop. */
const STOPS = {
  valueBytes: [10, 100, 1000, 10_000],
  perBatch: [1, 10, 100, 1000],
  inFlight: [1, 5, 50],
  roundTripMs: [0.2, 1, 10, 50],
  copies: [1, 3],
  groups: [1, 3, 10],
} as const satisfies Record<keyof Load, readonly number[]>
const BEGIN: Load = { valueBytes: 100, perBatch: 1, inFlight: 1, roundTripMs: 1, copies: 3, groups: 1 }
/** The bars have a logarithmic scale, from 10 to a thousand million. */
const [SCALE_FROM, SCALE_TO] = [1, 9]

/** Four ceilings over a load, and which of them is the lowest. No broker runs. */
export default function LimitsFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const [load, setLoad] = useState(BEGIN)
  const limited = limitsOf(load)
  return (
    <figure className={`oz-story ${styles.story}`}>
      <div className={styles.sliders}>
        {KEYS.map((key) => (
          <Slider
            key={key}
            name={say(loadNames[key])}
            stops={STOPS[key]}
            value={load[key]}
            choose={(value) => setLoad({ ...load, [key]: value })}
          />
        ))}
      </div>
      <p className={styles.quiet}>{say(limitsWords.ceilings)}:</p>
      <Bars limited={limited} />
      <Facts limited={limited} />
      <p className={styles.news} role="status">
        {say(remedies[limited.lowest])}
      </p>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

function useNumbers(digits = 0): (value: number) => string {
  const { i18n } = useDocusaurusContext()
  const format = new Intl.NumberFormat(i18n.currentLocale, { maximumFractionDigits: digits })
  return (value) => format.format(value)
}

interface SliderProps {
  name: string
  stops: readonly number[]
  value: number
  choose: (value: number) => void
}

function Slider({ name, stops, value, choose }: SliderProps): ReactNode {
  const id = useId()
  const format = useNumbers(1)
  return (
    <div>
      <label htmlFor={id}>{name}</label>
      <output htmlFor={id}>{format(value)}</output>
      <input
        id={id}
        type="range"
        min={0}
        max={stops.length - 1}
        value={stops.indexOf(value)}
        aria-valuetext={format(value)}
        onChange={({ target }) => choose(stops[Number(target.value)]!)}
      />
    </div>
  )
}

function Bars({ limited: { ceilings, lowest } }: { limited: Limited }): ReactNode {
  const say = useSay()
  const format = useNumbers()
  return (
    <ul className={styles.bars}>
      {LIMITS.map((limit) => (
        <li key={limit} data-lowest={limit === lowest}>
          <span>{say(limitNames[limit])}</span>
          <span>{format(ceilings[limit])}</span>
          <span className={styles.bar} style={{ width: `${widthOf(ceilings[limit])}%` }} aria-hidden="true" />
        </li>
      ))}
    </ul>
  )
}

/** In percent of the scale. */
function widthOf(recordsPerS: number): number {
  return Math.min(100, Math.max(1, ((Math.log10(recordsPerS) - SCALE_FROM) / (SCALE_TO - SCALE_FROM)) * 100))
}

function Facts({ limited: { recordsPerS, answerMs, inMBs, outMBs } }: { limited: Limited }): ReactNode {
  const say = useSay()
  const [whole, tenths] = [useNumbers(), useNumbers(1)]
  const facts = [
    [limitsWords.reached, fill(say(limitsWords.perS), { count: whole(recordsPerS) })],
    [limitsWords.answer, fill(say(limitsWords.ms), { count: tenths(answerMs) })],
    [limitsWords.in, fill(say(limitsWords.megabytes), { count: tenths(inMBs) })],
    [limitsWords.out, fill(say(limitsWords.megabytes), { count: tenths(outMBs) })],
  ] as const
  return (
    <dl className={styles.facts} aria-live="polite">
      {facts.map(([name, value]) => (
        <div key={name.en}>
          <dt>{say(name)}:</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
