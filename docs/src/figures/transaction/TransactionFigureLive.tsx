import { type ReactNode, useState } from 'react'
import { useSay } from '../../i18n/locale'
import { LogRow } from '../log/LogFigure'
import styles from '../StoryFigure.module.css'
import { useStory } from '../useStory'
import { fill, words } from '../words'
import type { TransactionAction, TransactionCell, TransactionView } from './transaction'
import { cellWords, transactionActions, transactionWords } from './transaction-words'

const RECORDS_MAX = 14
const ACTIONS = ['write', 'commit', 'abort', 'plain', 'restart', 'zombie'] as const
const HUES: Readonly<Record<TransactionCell['kind'], number | undefined>> = {
  open: 4,
  committed: 2,
  aborted: 5,
  plain: undefined,
  'commit marker': 3,
  'abort marker': 3,
}

/** Records, markers and the last stable offset are the broker's answers. */
export default function TransactionFigureLive({ caption }: { caption: string }): ReactNode {
  const say = useSay()
  const [actions, setActions] = useState<readonly TransactionAction[]>([])
  const view = useStory('transaction', { actions })?.at(-1)
  if (view === undefined) return <p className="oz-empty">{say(words.starting)}</p>
  return (
    <figure className={`oz-story ${styles.story}`}>
      <p className={styles.buttons}>
        {ACTIONS.map((action) => (
          <button
            key={action}
            type="button"
            disabled={!isPossible(view, action)}
            onClick={() => setActions([...actions, action])}
          >
            {say(transactionActions[action].button)}
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
      <LogRow
        follow
        row={{
          label: 'invoices-0',
          cells: view.cells.map(({ offset, kind }) => ({
            offset,
            text: say(cellWords[kind]),
            hue: HUES[kind],
          })),
          marks: [
            { offset: view.lastStableOffset, text: say(transactionWords.stable) },
            { offset: view.end, text: view.end === view.lastStableOffset ? '' : say(transactionWords.end) },
          ],
        }}
      />
      <Readers view={view} />
      <p className={styles.news} role="status">
        {told(view, say)}
      </p>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

function isPossible({ end, isOpen, hasZombie }: TransactionView, action: TransactionAction): boolean {
  if (action === 'zombie') return hasZombie
  if (action === 'commit' || action === 'abort') return isOpen
  if (action === 'restart') return isOpen
  return end < RECORDS_MAX
}

function told({ last, error }: TransactionView, say: ReturnType<typeof useSay>): string {
  if (last === null) return say(transactionWords.begun)
  return error === null ? say(transactionActions[last].told) : fill(say(transactionWords.refused), { error })
}

function Readers({ view: { uncommitted, committed } }: { view: TransactionView }): ReactNode {
  const say = useSay()
  const listed = (offsets: readonly number[]) =>
    offsets.length === 0 ? say(transactionWords.nothing) : offsets.join(', ')
  return (
    <dl className={styles.facts}>
      <div>
        <dt>{say(transactionWords.uncommitted)}:</dt>
        <dd>{listed(uncommitted)}</dd>
      </div>
      <div>
        <dt>{say(transactionWords.committed)}:</dt>
        <dd>{listed(committed)}</dd>
      </div>
    </dl>
  )
}
