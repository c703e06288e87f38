/**
 * What an application that adds up payments keeps where: a fixed model of a Kafka Streams `reduce`, without a broker.
 *
 * Each payment changes the store on the local disk and goes to the changelog and to the output. When the disk is lost, the
 * store is built again from the changelog; without a changelog it begins empty, and the output goes on with wrong totals.
 */

export const PAYMENTS = ['anna 10', 'anna 7', 'boris 5'] as const
export type Payment = (typeof PAYMENTS)[number]
export type StreamAction = Payment | 'loseDisk'

export interface StreamState {
  /** The topic of payments, in order. */
  input: Payment[]
  /** What lies on the disk: the total of each customer. */
  store: Record<string, number>
  /** Changes of the store, in order; empty if it is switched off. */
  changelog: string[]
  /** The topic of totals, in order. */
  output: string[]
  /** What happened last. */
  last: 'nothing' | 'payment' | 'restored' | 'forgotten'
}

/** The state after these actions. */
export function streamState(actions: readonly StreamAction[], hasChangelog: boolean): StreamState {
  const state: StreamState = { input: [], store: {}, changelog: [], output: [], last: 'nothing' }
  for (const action of actions) {
    if (action === 'loseDisk') restart(state, hasChangelog)
    else pay(state, action, hasChangelog)
  }
  return state
}

function pay(state: StreamState, payment: Payment, hasChangelog: boolean): void {
  const [customer, amount] = payment.split(' ') as [string, string]
  const total = (state.store[customer] ?? 0) + Number(amount)
  state.input.push(payment)
  state.store[customer] = total
  if (hasChangelog) state.changelog.push(`${customer} ${total}`)
  state.output.push(`${customer} ${total}`)
  state.last = 'payment'
}

/** The last value of each key of the changelog is the store. */
function restart(state: StreamState, hasChangelog: boolean): void {
  const kept = state.changelog.map((change) => change.split(' ') as [string, string])
  state.store = Object.fromEntries(kept.map(([customer, total]) => [customer, Number(total)]))
  state.last = hasChangelog ? 'restored' : 'forgotten'
}
