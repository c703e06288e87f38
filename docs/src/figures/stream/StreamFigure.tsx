import { type ReactNode, useState } from 'react'
import { useSay } from '../../i18n/locale'
import styles from '../StoryFigure.module.css'
import { PAYMENTS, type StreamAction, streamState } from './stream'
import { streamNews, streamWords } from './stream-words'

/** Payments, a store, its changelog and the totals: what is where after each press. No broker runs. */
export default function StreamFigure({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const [actions, setActions] = useState<readonly StreamAction[]>([])
  const [hasChangelog, setHasChangelog] = useState(true)
  const { input, store, changelog, output, last } = streamState(actions, hasChangelog)
  const act = (action: StreamAction) => setActions([...actions, action])
  const totals = Object.entries(store).map(([customer, total]) => `${customer} ${total}`)
  return (
    <figure className={`oz-story ${styles.story}`}>
      <div className={styles.buttons}>
        {PAYMENTS.map((payment) => (
          <button key={payment} type="button" className="main" onClick={() => act(payment)}>
            {say(streamWords.send)} {payment}
          </button>
        ))}
        <button type="button" disabled={input.length === 0} onClick={() => act('loseDisk')}>
          {say(streamWords.loseDisk)}
        </button>
        <button type="button" disabled={actions.length === 0} onClick={() => setActions([])}>
          {say(streamWords.again)}
        </button>
      </div>
      <label className={styles.choice}>
        <span>
          <input
            type="checkbox"
            checked={hasChangelog}
            onChange={() => {
              setHasChangelog(!hasChangelog)
              setActions([])
            }}
          />{' '}
          {say(streamWords.changelog)}
        </span>
      </label>
      <ul className={styles.members}>
        <Place title={say(streamWords.inputTopic)} lines={input} />
        <Place title={say(streamWords.store)} lines={totals} />
        {hasChangelog && <Place title={say(streamWords.changelogTopic)} lines={changelog} />}
        <Place title={say(streamWords.outputTopic)} lines={output} />
      </ul>
      <p role="status" className={styles.news}>
        {say(streamNews[last])}
      </p>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

function Place({ title, lines }: { title: string; lines: readonly string[] }): ReactNode {
  const say = useSay()
  return (
    <li>
      <strong>{title}</strong>
      <p>{lines.length === 0 ? say(streamWords.empty) : lines.join(', ')}</p>
    </li>
  )
}
