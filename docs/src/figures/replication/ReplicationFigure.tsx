import { type ReactNode, useState } from 'react'
import { useSay } from '../../i18n/locale'
import { LogRow, type Row } from '../log/LogFigure'
import styles from '../StoryFigure.module.css'
import { fill, words } from '../words'
import { type ReplicaState, type ReplicationState, replicationStates, replicationWords } from './replication'

const LETTERS = 'abcdefgh'

type Say = ReturnType<typeof useSay>

/** A fixed sequence of a partition with three replicas, one state after the other. No broker runs. */
export default function ReplicationFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const [place, setPlace] = useState(0)
  const state = replicationStates[place]!
  const last = replicationStates.length - 1
  return (
    <figure className={`oz-story ${styles.story}`}>
      <p className={styles.buttons}>
        <button
          type="button"
          className={styles.main}
          disabled={place === last}
          onClick={() => setPlace(place + 1)}
        >
          {say(replicationWords.step)}
        </button>
        <button type="button" disabled={place === 0} onClick={() => setPlace(place - 1)}>
          {say(words.back)}
        </button>
        <button type="button" disabled={place === 0} onClick={() => setPlace(0)}>
          {say(words.restart)}
        </button>
      </p>
      {state.replicas.map((replica) => (
        <LogRow key={replica.broker} row={rowOf(replica, state, say)} />
      ))}
      <dl className={styles.facts}>
        <Fact name={say(replicationWords.isr)} value={state.isr.join(', ')} />
        <Fact name={say(replicationWords.highWatermark)} value={state.highWatermark} />
        <Fact name={say(replicationWords.epoch)} value={state.leaderEpoch} />
        <Fact name={say(replicationWords.answer)} value={answerOf(state, say)} />
      </dl>
      <p className={styles.news} role="status">
        {say(state.told)}
      </p>
      <p className={styles.quiet}>{fill(say(replicationWords.place), { now: place + 1, all: last + 1 })}</p>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

function rowOf({ broker, end, runs }: ReplicaState, state: ReplicationState, say: Say): Row {
  const { leader, isr, highWatermark, replicas } = state
  const isLeader = broker === leader
  const role = isLeader ? 'leader' : isr.includes(broker) ? 'inSync' : 'behind'
  const name = fill(say(replicationWords[role]), { broker })
  const widest = Math.max(...replicas.map((each) => each.end))
  return {
    label: runs ? name : fill(say(replicationWords.down), { replica: name }),
    cells: Array.from({ length: end }, (_, offset) => ({
      offset,
      text: LETTERS[offset]!,
      hue: runs ? (offset < highWatermark ? 2 : 4) : undefined,
    })),
    // The ends keep the rows at one width, and the watermark is what the leader knows.
    marks: [
      { offset: widest, text: '' },
      ...(isLeader ? [{ offset: highWatermark, text: say(replicationWords.highWatermark) }] : []),
    ],
  }
}

function answerOf({ answer }: ReplicationState, say: Say): string {
  if (answer === 'waits') return say(replicationWords.waits)
  return typeof answer === 'number' ? fill(say(replicationWords.offset), { offset: answer }) : answer
}

function Fact({ name, value }: { name: string; value: string | number }): ReactNode {
  return (
    <div>
      <dt>{name}:</dt>
      <dd>{value}</dd>
    </div>
  )
}
