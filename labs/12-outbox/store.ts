/**
 * Lab 12: the database of the shop, in memory: a table of orders and the outbox, with transactions like those of PostgreSQL at
 * its default level (read committed). It stays in the judge; each program has connections of its own.
 *
 *   outbox   1 sent   2 sent   3 …   4 unsent          3: its transaction is open, nobody else sees the row
 *                                                      the id is given when the row is added, not when it is committed
 *
 * - a check may hold or fail any step of a transaction: the calls, the commit, and the answer to it
 * - what a program has changed in an open transaction, only this transaction sees
 *
 * STORE-1  changes of a transaction are there all at once, or not at all
 * STORE-2  ids of rows rise in the order in which rows are added, and no id is given twice, also after a rollback
 * STORE-3  a row or an order that one transaction has locked or changed, others neither lock nor change until it has ended
 * STORE-4  after `end` nothing that the connection has asked for changes anything, or is answered
 */
import type { Database, Order, OutboxRow, SelectOptions, Transaction, Where } from './subject.ts'

/** Where a transaction is: in a call, before its commit, or after it, when the answer is on its way. */
export type Step = keyof Transaction | 'commit' | 'answer'

/**
 * Called at each step, with its number on this connection, from 1, and how many changes the transaction has made: it may wait, or
 * throw and so make the step fail.
 */
export type AtStep = (step: Step, nth: number, changes: number) => Promise<void> | void

/** Who waits longer than this for a lock gets an error, ms. */
const lockMsMax = 4_000

const never = () => new Promise<never>(() => {})

/** What a transaction has changed and locked so far. */
class Changes {
  readonly orders = new Map<string, Order>()
  readonly added: OutboxRow[] = []
  readonly sent = new Set<number>()
  readonly deleted = new Set<number>()
  readonly lockedRows = new Set<number>()
  readonly lockedOrders = new Set<string>()
  isOver = false

  get count(): number {
    return this.orders.size + this.added.length + this.sent.size + this.deleted.size
  }
}

export class Store {
  readonly orders = new Map<string, Order>()
  /** Rows of the outbox that are committed, by id. */
  rows: OutboxRow[] = []
  /** All rows that were ever committed, as they were added. */
  readonly committed: OutboxRow[] = []
  /** Ids of rows that were ever marked as sent, or deleted. */
  readonly settled = new Set<number>()
  /** Rises with each commit that has changed something. */
  moves = 0
  #lastId: number
  readonly #open = new Set<Changes>()
  readonly #waiting = new Set<() => void>()

  /** `lastId`: the id of a row that was there before, so that ids do not begin with 1. */
  constructor(lastId = 0) {
    this.#lastId = lastId
  }

  /** A connection of a program. */
  connect(atStep: AtStep = () => {}): Connection {
    return new Connection(this, atStep)
  }

  /** Rows that are committed and not sent. */
  get unsent(): readonly OutboxRow[] {
    return this.rows.filter(({ sent }) => !sent)
  }

  /** Transactions that wait for a lock of another one. */
  get waiting(): number {
    return this.#waiting.size
  }

  begin(): Changes {
    const changes = new Changes()
    this.#open.add(changes)
    return changes
  }

  /** Adds rows in a transaction of the check's own, and commits it. */
  add(events: readonly { readonly key: string; readonly value: string | null }[]): OutboxRow[] {
    const changes = this.begin()
    for (const event of events) this.addEvent(changes, event)
    this.commit(changes)
    return changes.added
  }

  commit(changes: Changes): void {
    if (changes.isOver) return
    for (const [id, order] of changes.orders) this.orders.set(id, order)
    this.committed.push(...changes.added.map((row) => ({ ...row })))
    for (const id of [...changes.sent, ...changes.deleted]) this.settled.add(id)
    this.rows = this.#seenBy(changes).map((row) => ({ ...row }))
    if (changes.count > 0) this.moves++
    this.rollBack(changes)
  }

  /** Ends a transaction without its changes, and frees what it has locked. */
  rollBack(changes: Changes): void {
    changes.isOver = true
    this.#open.delete(changes)
    for (const look of [...this.#waiting]) look()
  }

  async findOrder(changes: Changes, id: string): Promise<Order | null> {
    await this.#lockOrder(changes, id)
    const order = changes.orders.get(id) ?? this.orders.get(id)
    return order === undefined ? null : { ...order }
  }

  async saveOrder(changes: Changes, order: Order): Promise<void> {
    await this.#lockOrder(changes, order.id)
    changes.orders.set(order.id, { ...order })
  }

  addEvent(
    changes: Changes,
    { key, value }: { readonly key: string; readonly value: string | null },
  ): number {
    const id = ++this.#lastId
    changes.added.push({ id, key, value, sent: false })
    changes.lockedRows.add(id)
    return id
  }

  async events(changes: Changes, where: Where, { limit, lock }: SelectOptions): Promise<OutboxRow[]> {
    const isFree = (row: OutboxRow) => lock !== 'skip' || this.#holderOfRow(changes, row) === undefined
    const find = () =>
      this.#seenBy(changes)
        .filter((row) => matches(row, where) && isFree(row))
        .slice(0, limit ?? Number.POSITIVE_INFINITY)
    const rows = lock === undefined ? find() : await this.#lockRows(changes, find)
    return rows.map((row) => ({ ...row }))
  }

  async change(changes: Changes, where: Where, what: 'sent' | 'deleted'): Promise<number> {
    const rows = await this.#lockRows(changes, () =>
      this.#seenBy(changes).filter((row) => matches(row, where)),
    )
    for (const { id } of rows) changes[what].add(id)
    return rows.length
  }

  /** The outbox as this transaction sees it, by id. */
  #seenBy({ added, sent, deleted }: Changes): OutboxRow[] {
    return [...this.rows, ...added]
      .filter(({ id }) => !deleted.has(id))
      .map((row) => (sent.has(row.id) ? { ...row, sent: true } : row))
      .sort((a, b) => a.id - b.id)
  }

  /** Locks rows; while another transaction has one of them, it waits, and looks again which rows they are. */
  async #lockRows(changes: Changes, find: () => OutboxRow[]): Promise<OutboxRow[]> {
    let rows: OutboxRow[] = []
    await this.#lock(changes, () => {
      rows = find()
      const taken = rows.find((row) => this.#holderOfRow(changes, row) !== undefined)
      if (taken !== undefined) return `row ${taken.id} of the outbox`
      for (const { id } of rows) changes.lockedRows.add(id)
      return undefined
    })
    return rows
  }

  #lockOrder(changes: Changes, id: string): Promise<void> {
    return this.#lock(changes, () => {
      if ([...this.#open].some((one) => one !== changes && one.lockedOrders.has(id))) return `order ${id}`
      changes.lockedOrders.add(id)
      return undefined
    })
  }

  #holderOfRow(changes: Changes, { id }: OutboxRow): Changes | undefined {
    return [...this.#open].find((one) => one !== changes && one.lockedRows.has(id))
  }

  /** `take` locks, or names what another transaction has locked: then it is tried again whenever one has ended. */
  async #lock(changes: Changes, take: () => string | undefined): Promise<void> {
    if (take() === undefined) return
    await new Promise<void>((resolve, reject) => {
      const end = (finish: () => void) => {
        clearTimeout(timer)
        this.#waiting.delete(look)
        finish()
      }
      const look = () => {
        if (changes.isOver || take() === undefined) end(resolve)
      }
      const timer = setTimeout(() => {
        const message = `lock timeout: ${take() ?? 'a row'} is locked by another transaction`
        end(() => reject(failure(message)))
      }, lockMsMax)
      this.#waiting.add(look)
    })
  }
}

/** A program's way to the database: what it is handed as `db`, and what a check sees of it. */
export class Connection {
  readonly db: Database
  /** How often it asked for rows of the outbox, and there were none. */
  emptyAnswers = 0
  /** Transactions that have begun, and that are open. */
  begun = 0
  open = 0
  readonly #store: Store
  readonly #atStep: AtStep
  readonly #steps = new Map<Step, number>()
  readonly #changes = new Set<Changes>()
  #isEnded = false

  constructor(store: Store, atStep: AtStep) {
    this.#store = store
    this.#atStep = atStep
    this.db = { transact: (work) => this.#transact(work) }
  }

  /** The program is gone: its open transactions are rolled back. */
  end(): void {
    this.#isEnded = true
    for (const changes of this.#changes) this.#store.rollBack(changes)
  }

  async #transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    if (typeof work !== 'function') throw new TypeError('transact wants a function')
    if (this.#isEnded) return never()
    const store = this.#store
    const changes = store.begin()
    this.#changes.add(changes)
    this.begun++
    this.open++
    const result = await this.#settled(changes, work)
    this.open--
    this.#changes.delete(changes)
    if (this.#isEnded) return never()
    if ('error' in result) throw result.error
    return result.value
  }

  /** Runs the work and commits; rolls back when one of both fails. */
  async #settled<T>(
    changes: Changes,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<{ value: T } | { error: unknown }> {
    const store = this.#store
    try {
      const value = await work(this.#transaction(changes))
      await this.#step('commit', changes)
      if (this.#isEnded) return never()
      store.commit(changes)
      await this.#step('answer', changes)
      return { value }
    } catch (error) {
      if (!changes.isOver) store.rollBack(changes)
      return { error }
    }
  }

  async #step(step: Step, changes: Changes): Promise<void> {
    const nth = (this.#steps.get(step) ?? 0) + 1
    this.#steps.set(step, nth)
    await this.#atStep(step, nth, changes.count)
    if (this.#isEnded) await never()
  }

  #transaction(changes: Changes): Transaction {
    const store = this.#store
    const at = async <T>(step: keyof Transaction, act: () => Promise<T> | T): Promise<T> => {
      if (changes.isOver) throw failure(`${step}: the transaction has ended`)
      await this.#step(step, changes)
      const value = await act()
      if (this.#isEnded) return never()
      return value
    }
    return {
      findOrder: (id) => at('findOrder', () => store.findOrder(changes, textOf(id, 'findOrder: the id'))),
      saveOrder: (order) => at('saveOrder', () => store.saveOrder(changes, orderOf(order))),
      addEvent: (event) => at('addEvent', () => store.addEvent(changes, eventOf(event))),
      events: (where, options = {}) =>
        at('events', async () => {
          const rows = await store.events(changes, whereOf('events', where), optionsOf(options))
          if (rows.length === 0) this.emptyAnswers++
          return rows
        }),
      markSent: (where) => at('markSent', () => store.change(changes, whereOf('markSent', where), 'sent')),
      deleteEvents: (where) =>
        at('deleteEvents', () => store.change(changes, whereOf('deleteEvents', where), 'deleted')),
    }
  }
}

/** An error of the database. */
export function failure(message: string): Error {
  const error = new Error(message)
  error.name = 'DatabaseError'
  return error
}

function matches({ id, sent }: OutboxRow, where: Where): boolean {
  return (
    (where.ids === undefined || where.ids.includes(id)) &&
    (where.sent === undefined || where.sent === sent) &&
    (where.after === undefined || id > where.after) &&
    (where.upTo === undefined || id <= where.upTo)
  )
}

// What the learner's code passes is looked at here: a slip is an error of the database, in words.

function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw failure(`${what} must be a string`)
  return value
}

function orderOf(order: unknown): Order {
  const { id, item, amount, status } = (order ?? {}) as Partial<Order>
  if (typeof amount !== 'number') throw failure('saveOrder: amount must be a number')
  if (status !== 'placed' && status !== 'cancelled')
    throw failure("saveOrder: status must be 'placed' or 'cancelled'")
  return { id: textOf(id, 'saveOrder: id'), item: textOf(item, 'saveOrder: item'), amount, status }
}

function eventOf(event: unknown): { key: string; value: string | null } {
  const { key, value = null } = (event ?? {}) as { key?: unknown; value?: unknown }
  return {
    key: textOf(key, 'addEvent: key'),
    value: value === null ? null : textOf(value, 'addEvent: value'),
  }
}

function whereOf(name: string, where: unknown): Where {
  const known = ['ids', 'sent', 'after', 'upTo']
  if (typeof where !== 'object' || where === null || Array.isArray(where))
    throw failure(`${name} wants an object: { ids: [4, 5] }, { sent: false }, { after: 3 } or { upTo: 5 }`)
  const { ids, sent, after, upTo } = where as Record<string, unknown>
  const odd = Object.keys(where).find((key) => !known.includes(key))
  if (odd !== undefined) throw failure(`${name}: there is no condition ${odd}, only ${known.join(', ')}`)
  if (ids !== undefined && !(Array.isArray(ids) && ids.every((id) => typeof id === 'number')))
    throw failure(`${name}: ids must be an array of numbers`)
  if (sent !== undefined && typeof sent !== 'boolean') throw failure(`${name}: sent must be true or false`)
  for (const [key, value] of Object.entries({ after, upTo }))
    if (value !== undefined && typeof value !== 'number') throw failure(`${name}: ${key} must be a number`)
  return where as Where
}

function optionsOf(options: unknown): SelectOptions {
  const { limit, lock } = (options ?? {}) as Record<string, unknown>
  if (limit !== undefined && typeof limit !== 'number') throw failure('events: limit must be a number')
  if (lock !== undefined && lock !== 'wait' && lock !== 'skip')
    throw failure("events: lock must be 'wait' or 'skip'")
  return options as SelectOptions
}
