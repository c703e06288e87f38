import useDocusaurusContext from '@docusaurus/useDocusaurusContext'
import { type ReactNode, useId, useState } from 'react'
import { useSay } from '../../i18n/locale'
import styles from '../StoryFigure.module.css'
import { useStory } from '../useStory'
import { fill, words } from '../words'
import type { Gathered, Gathering } from './sending'
import { batchWords } from './sending-words'

/** Where the sliders stop. */
const STOPS = {
  lingerMs: [0, 1, 2, 5, 10, 20, 50],
  batchBytes: [0, 1024, 4096, 16_384, 65_536],
  recordsPerSecond: [10, 100, 500, 1000, 5000],
  valueBytes: [10, 100, 1000],
} as const satisfies Record<keyof Gathering, readonly number[]>

const NAMES = {
  lingerMs: batchWords.linger,
  batchBytes: batchWords.batch,
  recordsPerSecond: batchWords.rate,
  valueBytes: batchWords.size,
} as const

const KEYS = ['lingerMs', 'batchBytes', 'recordsPerSecond', 'valueBytes'] as const
/** What the Java client has since 4.0. */
const DEFAULTS: Gathering = { lingerMs: 5, batchBytes: 16_384, recordsPerSecond: 1000, valueBytes: 100 }
const SHOWN_MS = 100

/** The sizes are those of batches that the broker's own code has built. */
export default function BatchFigureLive({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const [gathering, setGathering] = useState(DEFAULTS)
  const gathered = useStory('gathering', gathering)
  if (gathered === undefined) return <p className="oz-empty">{say(words.starting)}</p>
  return (
    <figure className={`oz-story ${styles.story}`}>
      <div className={styles.sliders}>
        {KEYS.map((key) => (
          <Slider
            key={key}
            name={say(NAMES[key])}
            stops={STOPS[key]}
            value={gathering[key]}
            choose={(value) => setGathering({ ...gathering, [key]: value })}
          />
        ))}
      </div>
      <Strip gathering={gathering} gathered={gathered} />
      <Results gathering={gathering} gathered={gathered} />
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

interface SliderProps {
  name: string
  stops: readonly number[]
  value: number
  choose: (value: number) => void
}

function Slider({ name, stops, value, choose }: SliderProps): ReactNode {
  const id = useId()
  const format = useNumbers()
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

function useNumbers(digits = 0): (value: number) => string {
  const { i18n } = useDocusaurusContext()
  const format = new Intl.NumberFormat(i18n.currentLocale, { maximumFractionDigits: digits })
  return (value) => format.format(value)
}

function Strip({ gathering, gathered }: { gathering: Gathering; gathered: Gathered }): ReactNode {
  const say = useSay()
  const gapMs = 1000 / gathering.recordsPerSecond
  const records = Array.from({ length: Math.ceil(SHOWN_MS / gapMs) }, (_, number) => number * gapMs)
  const batches = gathered.batches.filter(({ fromMs }) => fromMs < SHOWN_MS)
  return (
    <div>
      <p className={styles.quiet}>{say(batchWords.strip)}</p>
      <svg className={styles.strip} viewBox="0 0 1000 46" preserveAspectRatio="none" aria-hidden="true">
        {records.map((ms) => (
          <rect key={ms} x={ms * 10} y={0} width={2} height={12} className={styles.dot} />
        ))}
        {batches.map(({ fromMs, sentMs }) => (
          <rect
            key={fromMs}
            x={fromMs * 10}
            y={18}
            width={Math.max(2, (sentMs - fromMs) * 10)}
            height={24}
            className={styles.box}
          />
        ))}
      </svg>
    </div>
  )
}

function Results({ gathering, gathered }: { gathering: Gathering; gathered: Gathered }): ReactNode {
  const say = useSay()
  const [whole, tenths] = [useNumbers(), useNumbers(1)]
  const { batches, waitMs, bytesPerRecord } = gathered
  const facts = [
    [batchWords.requests, whole(batches.length)],
    [batchWords.perBatch, tenths(gathering.recordsPerSecond / batches.length)],
    [batchWords.perRecord, tenths(bytesPerRecord)],
    [batchWords.overhead, tenths(bytesPerRecord - gathering.valueBytes)],
    [batchWords.wait, fill(say(batchWords.ms), { count: tenths(waitMs) })],
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
