import { type ReactNode, useId, useState } from 'react'
import { useSay } from '../../i18n/locale'
import { LogRow } from '../log/LogFigure'
import styles from '../StoryFigure.module.css'
import { useStory } from '../useStory'
import { fill, words } from '../words'
import {
  ASIDE_STRATEGIES,
  ASIDE_TOPICS,
  type AsideAction,
  type AsideStrategy,
  type AsideTopic,
  type AsideView,
  keyOf,
  overtaken,
} from './aside'
import { asideButtons, asideNews, asideStrategies, asideWords } from './aside-words'

const HUES: Readonly<Record<string, number>> = { anna: 0, boris: 2, vera: 5 }
const ACTIONS_MAX = 40

/** Three topics of one partition each, and a program that takes one record a press. */
export default function AsideFigureLive({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const group = useId()
  const [strategy, setStrategy] = useState<AsideStrategy>('inPlace')
  const [actions, setActions] = useState<readonly AsideAction[]>([])
  const told = useStory('aside', { strategy, actions })
  const view = told?.at(-1)
  if (view === undefined) return <p className="oz-empty">{say(words.starting)}</p>
  const choose = (chosen: AsideStrategy) => {
    setStrategy(chosen)
    setActions([])
  }
  const canDo = { step: view.canStep && actions.length < ACTIONS_MAX, wait: view.canWait }
  return (
    <figure className={`oz-story ${styles.story}`}>
      <fieldset className={styles.choice}>
        <legend>{say(asideWords.strategy)}</legend>
        {ASIDE_STRATEGIES.map((each) => (
          <label key={each}>
            <input type="radio" name={group} checked={strategy === each} onChange={() => choose(each)} />{' '}
            {say(asideStrategies[each])}
          </label>
        ))}
      </fieldset>
      {ASIDE_TOPICS.map((topic) => (
        <LogRow key={topic} row={rowOf(view, topic, say(asideWords.committed))} />
      ))}
      <p className={styles.buttons}>
        {(['step', 'wait'] as const).map((action) => (
          <button
            key={action}
            type="button"
            className={action === 'step' ? styles.main : undefined}
            disabled={!canDo[action]}
            onClick={() => setActions([...actions, action])}
          >
            {say(asideButtons[action])}
          </button>
        ))}
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
      <p className={styles.news} role="status">
        {fill(say(asideNews[view.news]), { name: view.name })}
      </p>
      <Facts view={view} />
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

function rowOf({ logs, committed, handled }: AsideView, topic: AsideTopic, mark: string) {
  const names = logs[topic]
  const end = { offset: names.length, text: '' }
  return {
    label: topic,
    cells: names.map((name, offset) => ({
      offset,
      text: handled.includes(name) && topic === 'orders' ? `${name} ✓` : name,
      hue: HUES[keyOf(name)],
    })),
    marks: topic === 'orders-dead' ? [end] : [{ offset: committed[topic], text: mark }, end],
  }
}

function Facts({ view }: { view: AsideView }): ReactNode {
  const say = useSay()
  const { logs, committed, failures, handled } = view
  const late = overtaken(handled)
  const facts = [
    [asideWords.lag, logs.orders.length - committed.orders],
    [asideWords.calls, Object.values(failures).reduce((sum, count) => sum + count, 0)],
    [asideWords.handled, handled.length === 0 ? say(asideWords.nothing) : handled.join(', ')],
    [asideWords.overtaken, late.length === 0 ? say(asideWords.nobody) : late.join(', ')],
  ] as const
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name.en}>
          <dt>{say(name)}:</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
