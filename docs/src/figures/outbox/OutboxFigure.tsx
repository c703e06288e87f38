import { type ReactNode, useState } from 'react'
import { useSay } from '../../i18n/locale'
import styles from '../StoryFigure.module.css'
import { fill, words } from '../words'
import { type OutboxAction, type OutboxView, tellOutbox, verdictOf, WAYS, type Way } from './outbox'
import { outboxWords, stepWords, verdictWords, wayWords } from './outbox-words'

const CRASHES_MAX = 3

/** An order on its way into a database and a topic, step by step, with a crash wherever the reader wants one. */
export default function OutboxFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const [way, setWay] = useState<Way>('save first')
  const [actions, setActions] = useState<readonly OutboxAction[]>([])
  const view = tellOutbox(way, actions).at(-1)!
  const act = (action: OutboxAction) => setActions([...actions, action])
  const { next } = view
  return (
    <figure className={`oz-story ${styles.story}`}>
      <fieldset className={styles.choice}>
        <legend>{say(outboxWords.way)}</legend>
        {WAYS.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name="outbox-way"
              checked={way === each}
              onChange={() => {
                setWay(each)
                setActions([])
              }}
            />{' '}
            {say(wayWords[each])}
          </label>
        ))}
      </fieldset>
      <p className={styles.buttons}>
        <button type="button" className={styles.main} disabled={next === null} onClick={() => act('step')}>
          {next === null
            ? say(outboxWords.over)
            : fill(say(outboxWords.next), { step: say(stepWords[next].name) })}
        </button>
        <button
          type="button"
          disabled={next === null || view.crashes >= CRASHES_MAX}
          onClick={() => act('crash')}
        >
          {say(outboxWords.crash)}
        </button>
        <button
          type="button"
          disabled={actions.length === 0}
          onClick={() => setActions(actions.slice(0, -1))}
        >
          {say(words.back)}
        </button>
        <button type="button" disabled={actions.length === 0} onClick={() => setActions([])}>
          {say(words.restart)}
        </button>
      </p>
      <Facts view={view} />
      <p className={styles.news} role="status">
        {told(view, say)}
      </p>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

function told(view: OutboxView, say: ReturnType<typeof useSay>): string {
  const verdict = verdictOf(view)
  if (verdict !== 'open') return say(verdictWords[verdict])
  if (view.last === null) return say(outboxWords.begun)
  return view.last === 'crash' ? say(outboxWords.back) : say(stepWords[view.last].told)
}

function Facts({ view: { isSaved, row, records } }: { view: OutboxView }): ReactNode {
  const say = useSay()
  return (
    <dl className={styles.facts}>
      <div>
        <dt>{say(outboxWords.order)}:</dt>
        <dd>{say(isSaved ? outboxWords.yes : outboxWords.no)}</dd>
      </div>
      <div>
        <dt>{say(outboxWords.row)}:</dt>
        <dd>{say(row === null ? outboxWords.no : outboxWords[row])}</dd>
      </div>
      <div>
        <dt>{say(outboxWords.records)}:</dt>
        <dd>{records}</dd>
      </div>
    </dl>
  )
}
