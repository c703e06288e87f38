/**
 * The client of one check: what the learner's function gets (a description that becomes a kafkajs client in its
 * own thread, subject/client.ts) and what the check may ask about it afterwards.
 */
import type { Kafka } from 'kafkajs'
import type { Trial } from '../trial.ts'
import type { KafkaBench } from './bench.ts'
import type { Hold } from './proxy.ts'
import { FETCH } from './trace.ts'

export interface LearnerClient {
  /** To be handed to the learner's functions; nothing can be called on it here. */
  readonly kafka: Kafka
  /** The id of a broker that is down, and first among the replicas of every other partition. */
  readonly absentBroker: number
  openSockets(): number
  /** Waits for its connections to close, `ms` at most. Gives how many are still open. */
  hungUp(ms?: number): Promise<number>
  /** Records that have come to it so far, as the broker sent them. */
  recordsCame(): number
  /** Whether records have been kept back from it. */
  wasHeldBack(): boolean
  /** Of several clients, this one's doings are told if the check fails now. */
  isAsked(): void
}

const heldMsMin = 400
/** A learner's own timer may keep records back for longer, up to here, ms: labs promise 10 s at most. */
const heldMsMax = 9_500

export function learnerClient(
  t: Trial<string>,
  bench: KafkaBench,
  options: Hold & {
    /**
     * The records come late, in portions: after the first one, later than the longest timer that the learner's
     * code has set during this check. Who sleeps returns without them.
     */
    readonly isSlow?: boolean
  } = {},
): LearnerClient {
  const late = () => Math.min(heldMsMax, Math.max(heldMsMin, t.longestTimerMs + 150))
  const { isSlow, ...hold } = options
  const client = bench.proxy.client(
    isSlow === true ? { ...hold, isHeld: (ms, nth) => nth === 2 && ms < late() } : hold,
  )
  t.follow(client)
  const absentBroker = 1_000 + t.dice.int(1, 900)
  const kafka = t.tools.client({
    id: client.id,
    proxyPort: bench.proxy.port,
    brokers: bench.bootstrap.split(','),
    config: { retry: bench.retry },
    shuffle: t.dice.int(0, 99),
    absentBroker,
    isPatient: !bench.ours,
  })
  return {
    kafka,
    absentBroker,
    openSockets: () => client.openSockets,
    recordsCame: () =>
      client.exchanges.reduce((sum, { apiKey, records }) => sum + (apiKey === FETCH ? records : 0), 0),
    wasHeldBack: () => client.kept > 0,
    isAsked: () => t.follow(client),
    async hungUp(ms = 1_500) {
      const until = performance.now() + ms
      while (client.openSockets > 0 && performance.now() < until)
        await new Promise((resolve) => setTimeout(resolve, 10))
      return client.openSockets
    },
  }
}
