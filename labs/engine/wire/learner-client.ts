/**
 * The client of one check: what the learner's function gets (a description that becomes a kafkajs client in its
 * own thread, subject/client.ts) and what the check may ask about it afterwards.
 */
import type { Kafka } from 'kafkajs'
import type { Trial } from '../trial.ts'
import type { KafkaBench } from './bench.ts'

export interface LearnerClient {
  /** To be handed to the learner's functions; nothing can be called on it here. */
  readonly kafka: Kafka
  openSockets(): number
  /** Waits for its connections to close, `ms` at most. Gives how many are still open. */
  hungUp(ms?: number): Promise<number>
}

const heldMsMin = 250
/** A learner's own timer may keep records back for longer, up to here, ms. */
const heldMsMax = 4_000

export function learnerClient(
  t: Trial<string>,
  bench: KafkaBench,
  options: {
    /**
     * The records come late, in portions: after the first one, later than the longest timer that the learner's
     * code has set during this check. Who sleeps returns without them.
     */
    readonly isSlow?: boolean
  } = {},
): LearnerClient {
  const hold =
    options.isSlow === true
      ? { isHeld: (ms: number) => ms < Math.min(heldMsMax, Math.max(heldMsMin, t.longestTimerMs + 150)) }
      : undefined
  const client = bench.proxy.client(hold)
  t.follow(client)
  const kafka = t.tools.client({
    id: client.id,
    proxyPort: bench.proxy.port,
    brokers: bench.bootstrap.split(','),
    config: { retry: bench.retry },
    shuffle: t.dice.int(0, 99),
    isPatient: !bench.ours,
  })
  return {
    kafka,
    openSockets: () => client.openSockets,
    async hungUp(ms = 1_500) {
      const until = performance.now() + ms
      while (client.openSockets > 0 && performance.now() < until)
        await new Promise((resolve) => setTimeout(resolve, 10))
      return client.openSockets
    },
  }
}
