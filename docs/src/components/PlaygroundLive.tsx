import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { useSay } from '../i18n/locale'
import type { SeenFrame } from '../playground/client'
import { hueOf, type PlaygroundState } from '../playground/state'
import { type Playground, usePlayground } from '../playground/usePlayground'
import { words } from '../playground/words'
import { LogRow } from './LogFigure'
import styles from './PlaygroundLive.module.css'

const PARTITIONS = 3
/** More than all that anybody will type here. */
const ALL_BYTES = 1_000_000
const ONE_BATCH = 1

/** The live playground: a form for the producer, the topic as it fills, buttons for the consumer, frames below. */
export default function PlaygroundLive(): ReactNode {
  const say = useSay()
  const [seed, setSeed] = useState(1)
  const playground = usePlayground(PARTITIONS, seed)
  const [news, setNews] = useState('')
  const { state } = playground
  useEffect(() => {
    if (!state.busy) setNews(say(words.ready))
  }, [state.busy])

  const tell = (work: Promise<string>) => {
    work.then(setNews, (error: unknown) => setNews(`${say(words.failed)}: ${String(error)}`))
  }
  const addPartition = () =>
    tell(playground.addPartition().then((count) => fill(say(words.grown), { count })))
  return (
    <section className={`oz-playground ${styles.playground}`} aria-label={say(words.topic)}>
      <Producer playground={playground} tell={tell} />
      <div className={styles.topic}>
        <h2 className={styles.heading}>{say(words.topic)}</h2>
        <Topic state={state} />
        <p className={styles.buttons}>
          <button type="button" disabled={state.busy} onClick={addPartition}>
            {say(words.addPartition)}
          </button>
          <button type="button" onClick={() => setSeed(seed + 1)}>
            {say(words.restart)}
          </button>
        </p>
      </div>
      <Consumer playground={playground} tell={tell} />
      <p className={styles.news} role="status" aria-live="polite">
        {state.busy ? say(words.starting) : state.waiting ? `${say(words.waiting)}` : news}
      </p>
      <Frames frames={state.frames} />
    </section>
  )
}

interface PartProps {
  playground: Playground
  tell: (work: Promise<string>) => void
}

function Producer({ playground, tell }: PartProps): ReactNode {
  const say = useSay()
  const [key, setKey] = useState('anna')
  const [value, setValue] = useState('1')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const sent = playground.send(key === '' ? null : key, value)
    if (/^\d+$/.test(value)) setValue(String(Number(value) + 1))
    const name = key === '' ? say(words.noKey) : key
    tell(sent.then((stored) => `${name}: ${fill(say(words.stored), { ...stored })}`))
  }
  return (
    <form className={styles.producer} onSubmit={submit}>
      <h2 className={styles.heading}>{say(words.producer)}</h2>
      <label>
        {say(words.key)}
        <input name="key" value={key} autoComplete="off" onChange={(event) => setKey(event.target.value)} />
      </label>
      <label>
        {say(words.value)}
        <input
          name="value"
          value={value}
          autoComplete="off"
          onChange={(event) => setValue(event.target.value)}
        />
      </label>
      <button type="submit" className={styles.main} disabled={playground.state.busy}>
        {say(words.send)}
      </button>
    </form>
  )
}

function Topic({ state }: { state: PlaygroundState }): ReactNode {
  const say = useSay()
  return state.partitions.map((records, partition) => (
    <LogRow
      key={partition}
      row={{
        label: `${say(words.partition)} ${partition}`,
        cells: records.map(({ offset, key, value }) => ({
          offset,
          text: key === null ? value : `${key} ${value}`,
          hue: hueOf(state, key),
        })),
        marks: [{ offset: state.positions[partition] ?? 0, text: say(words.position) }],
      }}
    />
  ))
}

function Consumer({ playground, tell }: PartProps): ReactNode {
  const say = useSay()
  const { state } = playground
  const off = state.busy || state.waiting
  const read = (bytesMax: number) =>
    tell(
      playground
        .read(bytesMax)
        .then((count) => (count === 0 ? say(words.readNothing) : `${say(words.readSome)}: ${count}`)),
    )
  const rewind = () => {
    playground.rewind()
    tell(Promise.resolve(say(words.rewound)))
  }
  return (
    <div className={styles.consumer}>
      <h2 className={styles.heading}>{say(words.consumer)}</h2>
      <p className={styles.buttons}>
        <button type="button" className={styles.main} disabled={off} onClick={() => read(ONE_BATCH)}>
          {say(words.readOne)}
        </button>
        <button type="button" disabled={off} onClick={() => read(ALL_BYTES)}>
          {say(words.readAll)}
        </button>
        <button type="button" disabled={off} onClick={rewind}>
          {say(words.rewind)}
        </button>
      </p>
      {state.read.length === 0 ? (
        <p className={styles.quiet}>{say(words.nothingRead)}</p>
      ) : (
        <ol className={styles.read}>
          {state.read.map(({ place, partition, offset, key, value }) => (
            <li key={place} data-hue={hueOf(state, key) ?? 'none'}>
              {key ?? say(words.noKey)} {value}{' '}
              <span>
                {partition}:{offset}
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

function Frames({ frames }: { frames: PlaygroundState['frames'] }): ReactNode {
  const say = useSay()
  return (
    <details className={styles.frames}>
      <summary>{say(words.wire)}</summary>
      <ol reversed>
        {[...frames].reverse().map((frame) => (
          <li key={frame.place}>
            <strong>
              {frame.direction === 'out' ? '→' : '←'} {frame.api} v{frame.version}
            </strong>{' '}
            {say(frame.direction === 'out' ? words.request : words.response)} {frame.correlationId},{' '}
            {frame.bytes.length} {say(words.bytes)}
            <code>{hex(frame)}</code>
          </li>
        ))}
      </ol>
    </details>
  )
}

const HEX_BYTES_MAX = 96

function hex({ bytes }: SeenFrame): string {
  const shown = [...bytes.subarray(0, HEX_BYTES_MAX)].map((byte) => byte.toString(16).padStart(2, '0'))
  return `${shown.join(' ')}${bytes.length > HEX_BYTES_MAX ? ' …' : ''}`
}

function fill(text: string, values: Record<string, number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
}
