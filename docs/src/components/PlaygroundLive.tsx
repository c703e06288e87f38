import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { LogRow } from '../figures/log/LogFigure'
import { useSay } from '../i18n/locale'
import { READERS } from '../playground/commands'
import { type KeyRoute, routeOfKey } from '../playground/murmur2'
import type { ReadRecord } from '../playground/session'
import { hueOf, type PlaygroundState } from '../playground/state'
import { type Playground, usePlayground } from '../playground/usePlayground'
import { words } from '../playground/words'
import Frames from './PlaygroundFrames'
import styles from './PlaygroundLive.module.css'
import { useFollowed } from './useFollowed'

const PARTITIONS = 3
/** More than all that anybody will type here. */
const ALL_BYTES = 1_000_000
const ONE_BATCH = 1
const NEWS_MAX = 3

interface News {
  id: number
  text: string
}

interface PartProps {
  playground: Playground
  /** Says what has happened; what is said before stays in sight for a while. */
  tell: (text: string) => void
  /** The same for work that may fail. */
  tellOf: (work: Promise<string>) => void
}

/** The live playground: a form for the producer, the topic as it fills, two readers, what happened, frames below. */
export default function PlaygroundLive(): ReactNode {
  const say = useSay()
  const [seed, setSeed] = useState(1)
  const playground = usePlayground(PARTITIONS, seed)
  const [news, setNews] = useState<News[]>([])
  const { state } = playground

  const tell = (text: string) =>
    setNews((before) => [...before, { id: (before.at(-1)?.id ?? 0) + 1, text }].slice(-NEWS_MAX))
  const tellOf = (work: Promise<string>) => {
    work.then(tell, (error: unknown) => tell(`${say(words.failed)}: ${String(error)}`))
  }
  useEffect(() => {
    if (!state.busy) setNews([{ id: 0, text: say(words.ready) }])
  }, [state.busy])
  const addPartition = () =>
    tellOf(playground.addPartition().then((count) => fill(say(words.grown), { count })))
  const parts = { playground, tell, tellOf }
  return (
    <section className={`oz-playground ${styles.playground}`} aria-label={say(words.name)}>
      <Producer {...parts} />
      <div className={styles.topic}>
        <h2 className={styles.heading}>{say(words.topic)}</h2>
        <Topic state={state} />
        <p className={styles.quiet}>{say(words.marks)}</p>
        <p className={styles.buttons}>
          <button type="button" disabled={state.busy} onClick={addPartition}>
            {say(words.addPartition)}
          </button>
          <button type="button" onClick={() => setSeed(seed + 1)}>
            {say(words.restart)}
          </button>
        </p>
      </div>
      <div className={styles.news} role="status" aria-live="polite">
        {state.busy ? <p>{say(words.starting)}</p> : news.map(({ id, text }) => <p key={id}>{text}</p>)}
      </div>
      <div className={styles.readers}>
        {READERS.map((name, place) => (
          <Reader key={name} name={name} place={place} {...parts} />
        ))}
      </div>
      <Frames frames={state.frames} />
    </section>
  )
}

const utf8 = new TextEncoder()

function Producer({ playground, tellOf }: PartProps): ReactNode {
  const say = useSay()
  const [key, setKey] = useState('anna')
  const [value, setValue] = useState('1')
  const { state } = playground
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (/^\d+$/.test(value)) setValue(String(Number(value) + 1))
    const name = key === '' ? say(words.noKey) : key
    const sent = playground.send(key === '' ? null : key, value)
    tellOf(
      sent.then(({ partition, offset, route }) => {
        const stored = `${name}: ${fill(say(words.stored), { partition, offset })}`
        return route === null ? stored : `${stored}. ${shownRoute(key, route)}`
      }),
    )
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
      <button type="submit" className={styles.main} disabled={state.busy}>
        {say(words.send)}
      </button>
      <Route name={key} partitions={state.partitions.length} />
    </form>
  )
}

/** Where the key in the form will go, before it is sent. */
function Route({ name, partitions }: { name: string; partitions: number }): ReactNode {
  const say = useSay()
  if (name === '') return <p className={styles.route}>{say(words.turn)}</p>
  const route = routeOfKey(utf8.encode(name), partitions)
  return (
    <p className={styles.route}>
      {fill(say(words.route), { partition: route.partition })} <code>{shownRoute(name, route)}</code>
    </p>
  )
}

function shownRoute(key: string, { hash, positive, partitions, partition }: KeyRoute): string {
  const bits = hash < 0 ? `, & 0x7fffffff = ${positive}` : ''
  return `murmur2(${key}) = ${hash}${bits}, % ${partitions} = ${partition}`
}

function Topic({ state }: { state: PlaygroundState }): ReactNode {
  const say = useSay()
  return state.partitions.map((records, partition) => (
    <LogRow
      key={partition}
      follow
      row={{
        label: `${say(words.partition)} ${partition}`,
        cells: records.map(({ offset, key, value }) => ({
          offset,
          text: key === null ? value : `${key} ${value}`,
          hue: hueOf(state, key),
        })),
        marks: READERS.map((name, place) => ({
          offset: state.readers[place]!.positions[partition] ?? 0,
          text: name,
        })),
      }}
    />
  ))
}

function Reader({
  playground,
  tell,
  tellOf,
  name,
  place,
}: PartProps & { name: string; place: number }): ReactNode {
  const say = useSay()
  const { state } = playground
  const { read: taken, waiting } = state.readers[place]!
  const list = useFollowed<HTMLOListElement>(taken.length)
  const off = state.busy || waiting
  const told = (records: ReadRecord[], waited: boolean): string => {
    if (records.length === 0) return fill(say(words.readNothing), { name })
    if (!waited) return fill(say(words.readSome), { name, count: records.length })
    const { partition, offset } = records[0]!
    return fill(say(words.wasWaiting), { name, record: `${partition}:${offset}` })
  }
  const read = (bytesMax: number) =>
    tellOf(playground.read(place, bytesMax).then(({ records, waited }) => told(records, waited)))
  const rewind = () => {
    playground.rewind(place)
    tell(fill(say(words.rewound), { name }))
  }
  const title = fill(say(words.reader), { name })
  return (
    <section className={styles.reader} aria-label={title} data-waiting={waiting}>
      <h2 className={styles.heading}>{title}</h2>
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
      {waiting && <p className={styles.quiet}>{say(words.waiting)}</p>}
      {!waiting && taken.length === 0 && <p className={styles.quiet}>{say(words.nothingRead)}</p>}
      {taken.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard
        <ol ref={list} className={styles.read} tabIndex={0} aria-label={title}>
          {taken.map(({ place: number, partition, offset, key, value, waitedFor }) => (
            <li key={number} data-hue={hueOf(state, key) ?? 'none'}>
              {key ?? say(words.noKey)} {value}{' '}
              <span>
                {partition}:{offset}
              </span>
              {waitedFor && <em> {say(words.waitedFor)}</em>}
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
}
