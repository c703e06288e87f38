import useDocusaurusContext from '@docusaurus/useDocusaurusContext'
import { type CSSProperties, type ReactNode, useId, useState } from 'react'
import { useSay } from '../../i18n/locale'
import styles from '../StoryFigure.module.css'
import { useStory } from '../useStory'
import { fill, groupWords, happenings, protocolNames, words } from '../words'
import {
  type GroupAction,
  type GroupStory,
  NAMES,
  PROTOCOLS,
  type Protocol,
  type SeenMember,
  type Span,
  type Step,
} from './group'

const BEGINNING: readonly GroupAction[] = [{ type: 'join' }, { type: 'join' }]

/** A group under three protocols at once: what is pressed happens in each, and one of them is looked at. */
export default function GroupFigureLive({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const [actions, setActions] = useState(BEGINNING)
  const [protocol, setProtocol] = useState<Protocol>('eager')
  /** The step that is looked at, from the end: 0 is the last. */
  const [back, setBack] = useState(0)
  const stories = useStory('group', { actions })
  if (stories === undefined) return <p className="oz-empty">{say(words.starting)}</p>
  const story = stories[protocol]
  const place = Math.max(0, story.steps.length - 1 - back)
  const members = story.steps[place]?.members ?? story.before
  const act = (next: readonly GroupAction[]) => {
    setBack(0)
    setActions(next)
  }
  const joined = actions.filter(({ type }) => type === 'join').length
  return (
    <figure className={`oz-story ${styles.story}`}>
      <Protocols
        stories={stories}
        chosen={protocol}
        choose={(next) => {
          setBack(0)
          setProtocol(next)
        }}
      />
      <Members members={members} protocol={protocol} act={(action) => act([...actions, action])} />
      <p className={styles.buttons}>
        <button
          type="button"
          className={styles.main}
          disabled={joined >= NAMES.length}
          onClick={() => act([...actions, { type: 'join' }])}
        >
          {say(groupWords.add)}
        </button>
        <button type="button" disabled={actions.length <= 1} onClick={() => act(actions.slice(0, -1))}>
          {say(words.back)}
        </button>
        <button type="button" disabled={actions === BEGINNING} onClick={() => act(BEGINNING)}>
          {say(words.restart)}
        </button>
      </p>
      <Timeline story={story} at={story.steps[place]?.at ?? 0} />
      <Steps steps={story.steps} place={place} go={(next) => setBack(story.steps.length - 1 - next)} />
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

function useSeconds(): (ms: number) => string {
  const say = useSay()
  const { i18n } = useDocusaurusContext()
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 }
  const format = new Intl.NumberFormat(i18n.currentLocale, digits)
  return (ms) => fill(say(words.seconds), { count: format.format(ms / 1000) })
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

function hueStyle(owner: string | null): CSSProperties {
  const hue = owner === null ? 'none' : NAMES.indexOf(owner as (typeof NAMES)[number])
  return { '--cell': `var(--oz-key-${hue})` } as CSSProperties
}

function Protocols({
  stories,
  chosen,
  choose,
}: {
  stories: Readonly<Record<Protocol, GroupStory>>
  chosen: Protocol
  choose: (protocol: Protocol) => void
}): ReactNode {
  const say = useSay()
  const seconds = useSeconds()
  const name = useId()
  return (
    <fieldset className={styles.choice}>
      <legend>{say(groupWords.protocol)}</legend>
      {PROTOCOLS.map((protocol) => (
        <label key={protocol}>
          <input type="radio" name={name} checked={protocol === chosen} onChange={() => choose(protocol)} />{' '}
          {say(protocolNames[protocol])}
          <span className={styles.quiet}>
            {' '}
            ({fill(say(groupWords.stands), { time: seconds(sum(stories[protocol].stoppedMs)) })})
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function Members({
  members,
  protocol,
  act,
}: {
  members: readonly SeenMember[]
  protocol: Protocol
  act: (action: GroupAction) => void
}): ReactNode {
  const say = useSay()
  if (members.length === 0) return <p className="oz-empty">{say(groupWords.empty)}</p>
  const counter = protocol === 'consumer' ? groupWords.epoch : groupWords.generation
  return (
    <ul className={styles.members}>
      {members.map((member) => {
        const { name, generation } = member
        return (
          <li key={name} style={hueStyle(name)} aria-label={fill(say(groupWords.member), { name })}>
            <strong>{name}</strong>{' '}
            <span className={styles.quiet}>{fill(say(counter), { number: generation })}</span>
            <p>{stateOf(member, say)}</p>
            <p className={styles.buttons}>
              {(['leave', 'crash', 'busy'] as const).map((type) => (
                <button
                  key={type}
                  type="button"
                  aria-label={`${name} ${say(groupWords[type])}`}
                  onClick={() => act({ type, member: name })}
                >
                  {say(groupWords[type])}
                </button>
              ))}
            </p>
          </li>
        )
      })}
    </ul>
  )
}

function stateOf({ owned, isWaiting, isBusy }: SeenMember, say: ReturnType<typeof useSay>): string {
  const reads =
    owned.length > 0 ? fill(say(groupWords.reads), { partitions: owned.join(', ') }) : say(groupWords.idle)
  if (isBusy) return `${reads}; ${say(groupWords.works)}`
  return isWaiting ? `${reads}; ${say(groupWords.waits)}` : reads
}

function Timeline({ story: { spans, tookMs }, at }: { story: GroupStory; at: number }): ReactNode {
  const say = useSay()
  const seconds = useSeconds()
  if (tookMs === 0) return null
  const nameOf = ({ owner, from, to }: Span) =>
    fill(say(groupWords.readBy), { owner: owner ?? say(groupWords.nobody), time: seconds(to - from) })
  return (
    <div className={styles.timeline}>
      <p className={styles.quiet}>{say(groupWords.timeline)}</p>
      {spans.map((row, partition) => (
        <div key={partition} className={styles.lane}>
          <span>{fill(say(groupWords.partition), { number: partition })}</span>
          <ol aria-label={fill(say(groupWords.partition), { number: partition })}>
            {row.map((span) => (
              <li
                key={span.from}
                data-nobody={span.owner === null}
                style={{ ...hueStyle(span.owner), flexGrow: Math.max(span.to - span.from, 1) }}
                title={nameOf(span)}
              >
                <span className={styles.hidden}>{nameOf(span)}</span>
              </li>
            ))}
          </ol>
        </div>
      ))}
      <div className={styles.lane} aria-hidden="true">
        <span />
        <div className={styles.scale}>
          <span>{seconds(0)}</span>
          <span className={styles.now} style={{ left: `${(at / tookMs) * 100}%` }} />
          <span>{seconds(tookMs)}</span>
        </div>
      </div>
    </div>
  )
}

function Steps({
  steps,
  place,
  go,
}: {
  steps: readonly Step[]
  place: number
  go: (place: number) => void
}): ReactNode {
  const say = useSay()
  const seconds = useSeconds()
  return (
    <div className={styles.steps}>
      <p className={styles.buttons}>
        <button type="button" disabled={place === 0} onClick={() => go(place - 1)}>
          ◀ {say(groupWords.earlier)}
        </button>
        <button type="button" disabled={place >= steps.length - 1} onClick={() => go(place + 1)}>
          {say(groupWords.later)} ▶
        </button>
      </p>
      <div role="status">
        <ol aria-label={say(groupWords.steps)}>
          {steps.map(({ at, member, happening, partitions }, number) => (
            <li key={number} data-now={number === place} data-later={number > place}>
              <span className={styles.at}>{seconds(at)}</span>{' '}
              {fill(say(happenings[happening]), { m: member, p: partitions.join(', ') })}
            </li>
          ))}
        </ol>
      </div>
    </div>
  )
}
