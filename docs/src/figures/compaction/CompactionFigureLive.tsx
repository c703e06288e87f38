import { type ReactNode, useId, useState } from 'react'
import { useSay } from '../../i18n/locale'
import { LogRow, type Row } from '../log/LogFigure'
import styles from '../StoryFigure.module.css'
import { useStory } from '../useStory'
import { fill, words } from '../words'
import { type CompactionAction, type CompactionView, PRICE_KEYS, type PriceKey } from './compaction'
import { compactionWords, segmentParts } from './compaction-words'

const RECORDS_MAX = 44
const FILE_DIGITS = 20
const MINUTE: CompactionAction = { type: 'wait', minutes: 1 }
const QUARTER: CompactionAction = { type: 'wait', minutes: 15 }
const WAITS_MAX = 12

type Say = ReturnType<typeof useSay>

/** Segments, and what a pass leaves of them, are the broker's; time is virtual. */
export default function CompactionFigureLive({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const name = useId()
  const [key, setKey] = useState<PriceKey>('tea')
  const [actions, setActions] = useState<readonly CompactionAction[]>([])
  const view = useStory('compaction', { actions })?.at(-1)
  if (view === undefined) return <p className="oz-empty">{say(words.starting)}</p>
  const act = (action: CompactionAction) => setActions([...actions, action])
  const isFull = view.end >= RECORDS_MAX
  const hasWaited = actions.filter(({ type }) => type === 'wait').length >= WAITS_MAX
  return (
    <figure className={`oz-story ${styles.story}`}>
      <fieldset className={styles.choice}>
        <legend>{say(compactionWords.key)}</legend>
        {PRICE_KEYS.map((each) => (
          <label key={each}>
            <input type="radio" name={name} checked={key === each} onChange={() => setKey(each)} /> {each}
          </label>
        ))}
      </fieldset>
      <p className={styles.buttons}>
        <button type="button" disabled={isFull} onClick={() => act({ type: 'set', key, times: 1 })}>
          {say(compactionWords.set)}
        </button>
        <button type="button" disabled={isFull} onClick={() => act({ type: 'set', key, times: 4 })}>
          {say(compactionWords.setFour)}
        </button>
        <button type="button" disabled={isFull} onClick={() => act({ type: 'delete', key })}>
          {say(compactionWords.delete)}
        </button>
        <button type="button" disabled={hasWaited} onClick={() => act(MINUTE)}>
          {say(compactionWords.minute)}
        </button>
        <button type="button" disabled={hasWaited} onClick={() => act(QUARTER)}>
          {say(compactionWords.quarter)}
        </button>
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
        <Fact name={say(compactionWords.dirtyFrom)} value={view.firstDirty} />
        <Fact name={say(compactionWords.share)} value={shareOf(view, say)} />
        <Fact name={say(compactionWords.table)} value={tableText(view, say)} />
      </dl>
      <p className={styles.news} role="status">
        {told(view, say)}
      </p>
      <p className={styles.quiet}>{say(compactionWords.legend)}</p>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

/** A row for each segment, from its base offset to that of the next: gaps show what is gone. */
function rowsOf({ segments, end }: CompactionView, say: Say): Row[] {
  return segments.map(({ baseOffset, records, part }, place) => {
    const next = segments[place + 1]?.baseOffset
    const last =
      next === undefined ? { offset: end, text: say(compactionWords.end) } : { offset: next - 1, text: '' }
    return {
      label: `${String(baseOffset).padStart(FILE_DIGITS, '0')}.log (${say(segmentParts[part])})`,
      cells: records.map(({ offset, key, value }) => ({
        offset,
        text: `${key} ${value ?? '∅'}`,
        hue: PRICE_KEYS.indexOf(key as PriceKey),
      })),
      marks: [{ offset: baseOffset, text: '' }, last],
    }
  })
}

function shareOf({ dirtyShare }: CompactionView, say: Say): string {
  if (dirtyShare === null) return say(compactionWords.nothingDirty)
  return fill(say(compactionWords.percent), { count: Math.round(100 * dirtyShare) })
}

function tableText({ table }: CompactionView, say: Say): string {
  if (table.length === 0) return say(compactionWords.empty)
  return table.map(([key, value]) => `${key} ${value}`).join(', ')
}

function told({ last, removed }: CompactionView, say: Say): string {
  if (last === null) return say(compactionWords.begun)
  if (last.type === 'set') return say(compactionWords.sent)
  if (last.type === 'delete') return say(compactionWords.tombstone)
  if (removed.length === 0) return say(compactionWords.notWorth)
  return fill(say(compactionWords.removed), { offsets: removed.join(', ') })
}

function Fact({ name, value }: { name: string; value: string | number }): ReactNode {
  return (
    <div>
      <dt>{name}:</dt>
      <dd>{value}</dd>
    </div>
  )
}
