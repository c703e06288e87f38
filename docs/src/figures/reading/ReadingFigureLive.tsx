import { type ReactNode, useId, useState } from 'react'
import { useSay } from '../../i18n/locale'
import { LogRow, type Row } from '../log/LogFigure'
import styles from '../StoryFigure.module.css'
import { useStory } from '../useStory'
import { fill, readingActions, readingWords, words } from '../words'
import { harm, nextStep, type Order, type Reading, type ReadingAction } from './reading'

const RECORDS = 6
/** The program's loop, as it is written. */
const LOOPS = { after: ['poll', 'handle', 'commit'], before: ['poll', 'commit', 'handle'] } as const

interface Controls {
  reading: Reading
  act: (action: ReadingAction) => void
}

/** A consumer that is pressed through poll, handle, commit and crash; every number is the broker's or follows from it. */
export default function ReadingFigureLive({
  kind,
  caption,
}: {
  kind: 'free' | 'order'
  caption: string
}): ReactNode {
  const say = useSay()
  const [actions, setActions] = useState<readonly ReadingAction[]>([])
  const readings = useStory('reading', { records: RECORDS, actions })
  const reading = readings?.at(-1)
  if (reading === undefined) return <p className="oz-empty">{say(words.starting)}</p>
  const act = (action: ReadingAction) => setActions([...actions, action])
  return (
    <figure className={`oz-story ${styles.story}`}>
      <LogRow row={rowOf(reading, say(readingWords.position), say(readingWords.committed))} />
      <Facts reading={reading} />
      {kind === 'free' ? (
        <FreeControls reading={reading} act={act} />
      ) : (
        <OrderControls reading={reading} act={act} begin={() => setActions([])} />
      )}
      <p className={styles.buttons}>
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
        {reading.last === null
          ? say(readingWords.begun)
          : fill(say(readingActions[reading.last].told), shown(reading, say))}
      </p>
      <p className={styles.quiet}>{say(readingWords.legend)}</p>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

function rowOf(reading: Reading, positionName: string, committedName: string): Row {
  const { end, position, committed, handled, inHand } = reading
  const { lost } = harm(reading)
  const textOf = (offset: number) => {
    if (lost.includes(offset)) return '✕'
    return '✓'.repeat(handled[offset] ?? 0) + (inHand.includes(offset) ? '•' : '')
  }
  const hueOf = (offset: number) => {
    if (lost.includes(offset)) return 5
    if (inHand.includes(offset)) return 4
    return (handled[offset] ?? 0) > 0 ? (handled[offset]! > 1 ? 1 : 2) : undefined
  }
  const cells = Array.from({ length: end }, (_, offset) => ({
    offset,
    text: textOf(offset),
    hue: hueOf(offset),
  }))
  const marks = [
    ...(position === null ? [] : [{ offset: position, text: positionName }]),
    ...(committed === null ? [] : [{ offset: committed, text: committedName }]),
    // The end keeps its place in the row, whatever points at it.
    { offset: end, text: '' },
  ]
  return { label: 'orders-0', cells, marks }
}

type Say = ReturnType<typeof useSay>

function shown({ end, position, committed }: Reading, say: Say) {
  return {
    end,
    position: position ?? say(readingWords.stopped),
    committed: committed ?? say(readingWords.none),
  }
}

function Facts({ reading }: { reading: Reading }): ReactNode {
  const say = useSay()
  const { end, position, committed } = reading
  const facts = shown(reading, say)
  return (
    <dl className={styles.facts}>
      <Fact name={say(readingWords.position)} value={facts.position} />
      <Fact name={say(readingWords.committed)} value={facts.committed} />
      <Fact name={say(readingWords.lag)} value={committed === null ? '–' : end - committed} />
      <Fact name={say(readingWords.left)} value={position === null ? '–' : end - position} />
    </dl>
  )
}

function Fact({ name, value }: { name: string; value: string | number }): ReactNode {
  return (
    <div>
      <dt>{name}:</dt>
      <dd>{value}</dd>
    </div>
  )
}

function FreeControls({ reading: { position, inHand, end, committed }, act }: Controls): ReactNode {
  const say = useSay()
  const runs = position !== null
  const canDo: [ReadingAction, boolean][] = [
    ['poll', runs && inHand.length === 0 && position < end],
    ['handle', inHand.length > 0],
    ['commit', runs && position !== (committed ?? 0)],
    runs ? ['crash', true] : ['start', true],
    ['send', end < 12],
  ]
  return (
    <p className={styles.buttons}>
      {canDo.map(([action, isPossible]) => (
        <button key={action} type="button" disabled={!isPossible} onClick={() => act(action)}>
          {say(readingActions[action].button)}
        </button>
      ))}
    </p>
  )
}

function OrderControls({ reading, act, begin }: Controls & { begin: () => void }): ReactNode {
  const say = useSay()
  const name = useId()
  const [order, setOrder] = useState<Order>('after')
  const next = nextStep(order, reading)
  const { lost, repeated } = harm(reading)
  const choose = (chosen: Order) => {
    setOrder(chosen)
    begin()
  }
  return (
    <>
      <fieldset className={styles.choice}>
        <legend>{say(readingWords.when)}</legend>
        {(['after', 'before'] as const).map((each) => (
          <label key={each}>
            <input type="radio" name={name} checked={order === each} onChange={() => choose(each)} />{' '}
            {say(readingWords[each])}
          </label>
        ))}
      </fieldset>
      <ol className={styles.loop}>
        {LOOPS[order].map((step) => (
          <li key={step} data-next={step === next}>
            <code>{step}</code>
            {step === next && <em> ← {say(readingWords.next)}</em>}
          </li>
        ))}
      </ol>
      <p className={styles.buttons}>
        <button
          type="button"
          className={styles.main}
          disabled={next === null}
          onClick={() => next !== null && act(next)}
        >
          {next === 'start' ? say(readingActions.start.button) : say(readingWords.step)}
        </button>
        <button type="button" disabled={reading.position === null} onClick={() => act('crash')}>
          {say(readingWords.crash)}
        </button>
      </p>
      <dl className={styles.facts}>
        <Fact name={say(readingWords.lost)} value={lost.length} />
        <Fact name={say(readingWords.repeated)} value={repeated.length} />
      </dl>
      {next === null && <p className={styles.quiet}>{say(readingWords.done)}</p>}
    </>
  )
}
