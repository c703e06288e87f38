import { type ReactNode, useId, useState } from 'react'
import { useSay } from '../../i18n/locale'
import { LogRow, type Row } from '../log/LogFigure'
import styles from '../StoryFigure.module.css'
import { useStory } from '../useStory'
import { fill, words } from '../words'
import type { RetentionAction, RetentionRule, RetentionView } from './retention'
import { retentionActions, retentionRules, retentionSent, retentionWords } from './retention-words'

const ACTIONS = ['send', 'fast', 'wait', 'read'] as const
const RECORDS_MAX = 15
const MINUTES_MAX = 300
/** Offsets as they stand in the names of files. */
const FILE_DIGITS = 20

type Say = ReturnType<typeof useSay>

/** Segments, log start and the reader's answers are the broker's; time is virtual. */
export default function RetentionFigureLive({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const name = useId()
  const [rule, setRule] = useState<RetentionRule>('time')
  const [actions, setActions] = useState<readonly RetentionAction[]>([])
  const view = useStory('retention', { rule, actions })?.at(-1)
  if (view === undefined) return <p className="oz-empty">{say(words.starting)}</p>
  const choose = (chosen: RetentionRule) => {
    setRule(chosen)
    setActions([])
  }
  return (
    <figure className={`oz-story ${styles.story}`}>
      <fieldset className={styles.choice}>
        <legend>{say(retentionWords.rule)}</legend>
        {(['time', 'size'] as const).map((each) => (
          <label key={each}>
            <input type="radio" name={name} checked={rule === each} onChange={() => choose(each)} />{' '}
            {say(retentionRules[each])}
          </label>
        ))}
      </fieldset>
      <p className={styles.buttons}>
        {ACTIONS.map((action) => (
          <button
            key={action}
            type="button"
            disabled={!isPossible(view, action)}
            onClick={() => setActions([...actions, action])}
          >
            {say(retentionActions[action])}
          </button>
        ))}
      </p>
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
      {rowsOf(view, say).map((row) => (
        <LogRow key={row.label} row={row} />
      ))}
      <dl className={styles.facts}>
        <Fact
          name={say(retentionWords.passed)}
          value={fill(say(retentionWords.minutes), { count: view.minutes })}
        />
        <Fact name={say(retentionWords.start)} value={view.logStart} />
        <Fact name={say(retentionWords.end)} value={view.end} />
        <Fact name={say(retentionWords.position)} value={view.position} />
      </dl>
      <p className={styles.news} role="status">
        {told(view, say)}
      </p>
      <p className={styles.quiet}>{say(retentionWords.legend)}</p>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

function isPossible({ end, minutes }: RetentionView, action: RetentionAction): boolean {
  if (action === 'wait') return minutes < MINUTES_MAX
  return action === 'read' || end < RECORDS_MAX
}

/** A row for each segment; what points at an offset stands in the row that has it. */
function rowsOf({ segments, logStart, end, position }: RetentionView, say: Say): Row[] {
  return segments.map(({ baseOffset, records }, place) => {
    const next = segments[place + 1]?.baseOffset
    const isActive = next === undefined
    const isHere = (offset: number) => offset >= baseOffset && (isActive || offset < next)
    const file = `${String(baseOffset).padStart(FILE_DIGITS, '0')}.log`
    const marks = [
      { offset: baseOffset, text: '' },
      ...(isHere(logStart) ? [{ offset: logStart, text: say(retentionWords.start) }] : []),
      ...(isHere(position) ? [{ offset: position, text: say(retentionWords.reader) }] : []),
      ...(isActive ? [{ offset: end, text: say(retentionWords.end) }] : []),
    ]
    return {
      label: isActive ? `${file} (${say(retentionWords.active)})` : file,
      cells: records.map(({ offset, minutes }) => ({
        offset,
        text: ageOf(minutes, say),
        hue: minutes < 0 ? 4 : isActive ? 2 : 0,
      })),
      marks,
    }
  })
}

function ageOf(minutes: number, say: Say): string {
  if (minutes === 0) return say(retentionWords.now)
  return fill(say(minutes < 0 ? retentionWords.ahead : retentionWords.minutes), { count: Math.abs(minutes) })
}

function told(view: RetentionView, say: Say): string {
  const { last, deleted, got, skipped, error, logStart } = view
  if (last === null) return say(retentionWords.begun)
  if (last === 'send' || last === 'fast') return say(retentionSent[last])
  if (last === 'wait') {
    if (deleted.length === 0) return say(retentionWords.kept)
    return fill(say(retentionWords.deleted), { offsets: deleted.join(', '), start: logStart })
  }
  if (error !== null)
    return fill(say(retentionWords.late), { error, offsets: skipped.join(', '), start: logStart })
  return got.length === 0
    ? say(retentionWords.nothing)
    : fill(say(retentionWords.got), { offsets: got.join(', ') })
}

function Fact({ name, value }: { name: string; value: string | number }): ReactNode {
  return (
    <div>
      <dt>{name}:</dt>
      <dd>{value}</dd>
    </div>
  )
}
