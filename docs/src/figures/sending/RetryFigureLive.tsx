import { type ReactNode, useState } from 'react'
import { useSay } from '../../i18n/locale'
import { LogRow } from '../log/LogFigure'
import styles from '../StoryFigure.module.css'
import { useStory } from '../useStory'
import { fill, words } from '../words'
import type { Retried, RetryAction } from './sending'
import { retryButtons, retryWords } from './sending-words'

const RECORDS_MAX = 8

/** The retry sends the same bytes again; what becomes of them is the broker's doing. */
export default function RetryFigureLive({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const [isIdempotent, setIdempotent] = useState(false)
  const [actions, setActions] = useState<readonly RetryAction[]>([])
  const told = useStory('retries', { isIdempotent, actions })
  const now = told?.at(-1)
  if (now === undefined) return <p className="oz-empty">{say(words.starting)}</p>
  const isPossible = (action: RetryAction) => {
    if (now.log.length >= RECORDS_MAX) return false
    return (action === 'retry') === (now.unanswered !== null)
  }
  return (
    <figure className={`oz-story ${styles.story}`}>
      <p className={styles.choice}>
        <label>
          <input type="checkbox" checked={isIdempotent} onChange={() => setIdempotent(!isIdempotent)} />{' '}
          <code>{say(retryWords.idempotent)}</code>
        </label>
      </p>
      <p className={styles.buttons}>
        {(['send', 'lose', 'retry'] as const).map((action) => (
          <button
            key={action}
            type="button"
            disabled={!isPossible(action)}
            onClick={() => setActions([...actions, action])}
          >
            {say(retryButtons[action])}
          </button>
        ))}
        <button type="button" disabled={actions.length === 0} onClick={() => setActions([])}>
          {say(words.restart)}
        </button>
      </p>
      <LogRow
        follow
        row={{
          label: say(retryWords.log),
          cells: now.log.map((message, offset) => ({
            offset,
            text: fill(say(retryWords.message), { number: message }),
            hue: countOf(now, message) > 1 ? 5 : 2,
          })),
          marks: [{ offset: now.log.length, text: '' }],
        }}
      />
      <div role="status">
        <dl className={styles.facts}>
          <div>
            <dt>{say(retryWords.knows)}:</dt>
            <dd>{knowledgeOf(now, say)}</dd>
          </div>
          <div>
            <dt>{say(retryWords.doubled)}:</dt>
            <dd>{now.log.length - new Set(now.log).size}</dd>
          </div>
        </dl>
      </div>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

function countOf({ log }: Retried, message: number): number {
  return log.filter((each) => each === message).length
}

function knowledgeOf({ unanswered, answer }: Retried, say: ReturnType<typeof useSay>): string {
  if (unanswered !== null) return fill(say(retryWords.doubt), { number: unanswered })
  return answer === null ? say(retryWords.nothing) : fill(say(retryWords.answered), { offset: answer })
}
