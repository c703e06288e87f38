/**
 * The story of an order that is saved in a database and told to Kafka, in three ways, and of the crash that falls in between.
 * There is no broker in it: what is asked is only which of the steps have been done.
 */

export const WAYS = ['send first', 'save first', 'outbox'] as const
export type Way = (typeof WAYS)[number]
export type OutboxStep = 'send' | 'save' | 'mark'
/** `step`: the next step is done. `crash`: the program dies and is started again. */
export type OutboxAction = 'step' | 'crash'

export interface OutboxView {
  /** The order is in the database. */
  readonly isSaved: boolean
  /** Its row in the outbox; null: there is none. */
  readonly row: 'unsent' | 'sent' | null
  /** Records about it in the topic; all have the same id. */
  readonly records: number
  readonly crashes: number
  /** What comes next; null: nothing will happen any more. */
  readonly next: OutboxStep | null
  readonly last: OutboxStep | 'crash' | null
}

/** How database and topic stand to each other; `open`: something is still to come. */
export type Verdict = 'open' | 'agree' | 'nothing' | 'lost' | 'ghost' | 'twice'

const STEPS: Readonly<Record<Way, readonly OutboxStep[]>> = {
  'send first': ['send', 'save'],
  'save first': ['save', 'send'],
  outbox: ['save', 'send', 'mark'],
}

/** The views after each action, beginning with that before the first. */
export function tellOutbox(way: Way, actions: readonly OutboxAction[]): OutboxView[] {
  const begun: OutboxView = {
    isSaved: false,
    row: null,
    records: 0,
    crashes: 0,
    next: STEPS[way][0]!,
    last: null,
  }
  const views = [begun]
  for (const action of actions) views.push(after(way, views.at(-1)!, action))
  return views
}

function after(way: Way, view: OutboxView, action: OutboxAction): OutboxView {
  if (action === 'crash') {
    // What the program had in hand is gone. The outbox is in the database: the relay finds the row there.
    const next = view.row === 'unsent' ? 'send' : null
    return { ...view, crashes: view.crashes + 1, next, last: 'crash' }
  }
  const { next } = view
  if (next === null) return view
  const following = STEPS[way][STEPS[way].indexOf(next) + 1] ?? null
  const done = { ...view, next: following, last: next }
  switch (next) {
    case 'save':
      return { ...done, isSaved: true, row: way === 'outbox' ? 'unsent' : null }
    case 'send':
      return { ...done, records: view.records + 1 }
    case 'mark':
      return { ...done, row: 'sent' }
  }
}

export function verdictOf({ isSaved, records, next }: OutboxView): Verdict {
  if (next !== null) return 'open'
  if (!isSaved) return records > 0 ? 'ghost' : 'nothing'
  if (records === 0) return 'lost'
  return records > 1 ? 'twice' : 'agree'
}
