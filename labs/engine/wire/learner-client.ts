/**
 * The client of one check: what the learner's function gets (a description that becomes a kafkajs client in its
 * own thread, subject/client.ts), what the check may ask about it, and how its traffic is meddled with.
 */
import type { Kafka } from 'kafkajs'
import type { SubjectTools } from '../subject/tools.ts'
import type { Text } from '../text.ts'
import type { Trial } from '../trial.ts'
import type { KafkaBench } from './bench.ts'
import { type Exchange, FETCH } from './exchange.ts'
import { Point, type PointWhat, type PointWhen } from './point.ts'
import type { Hold, ProxyClient } from './proxy-client.ts'

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
  /** All its requests so far, in order. */
  readonly exchanges: readonly Exchange[]
  /** Its requests of an API so far; and those that the broker has answered. */
  asked(api: string): readonly Exchange[]
  answered(api: string): readonly Exchange[]
  /** Where the proxy does something else than pass a request or an answer on. */
  at(api: string | readonly string[], when: PointWhen, what: PointWhat): Point
}

export interface LearnerClientOptions extends Hold {
  /**
   * The records come late, in portions: after the first one, later than the longest timer that the learner's
   * code has set during this check, and than the session that its consumer has asked for. Who sleeps returns without
   * them; who has a short session is no member any more.
   */
  readonly isSlow?: boolean
  /** What it is called in words, where a check uses several. */
  readonly name?: Text | undefined
}

const heldMsMin = 400
/** A learner's own timer may keep records back for longer, up to here, ms: labs promise 10 s at most. */
const heldMsMax = 9_500
/** By then the broker has noticed that a session is over, ms. */
const noticeMs = 300

export function learnerClient(
  t: Trial<string>,
  bench: KafkaBench,
  options: LearnerClientOptions = {},
): LearnerClient {
  return clientIn(t, bench, options, t.tools).client
}

/** The same for a thread of its own; with the proxy's side of it. */
export function clientIn(
  t: Trial<string>,
  bench: KafkaBench,
  options: LearnerClientOptions,
  tools: SubjectTools,
): { client: LearnerClient; proxied: ProxyClient } {
  const sessions = () =>
    proxied.exchanges.flatMap(({ api, request }) =>
      api === 'JoinGroup' ? [Number(request?.sessionTimeoutMs)] : [],
    )
  const late = () => {
    const short = sessions().filter((ms) => ms < heldMsMax)
    const waits = [heldMsMin, t.longestTimerMs + 150, ...short.map((ms) => ms + noticeMs)]
    return Math.min(heldMsMax, Math.max(...waits))
  }
  const { isSlow, name, ...given } = options
  const hold: Hold | undefined =
    isSlow === true
      ? { ...given, isHeld: (ms, nth) => nth === 2 && ms < late() }
      : given.isHeld === undefined && given.beforeAnswer === undefined
        ? undefined
        : given
  const proxied = bench.proxy.client(hold, name)
  t.follow(proxied)
  const absentBroker = 1_000 + t.dice.int(1, 900)
  const kafka = tools.client({
    id: proxied.id,
    proxyPort: bench.proxy.port,
    brokers: bench.bootstrap.split(','),
    config: { retry: bench.retry },
    shuffle: t.dice.int(0, 99),
    absentBroker,
    isPatient: !bench.ours,
  })
  const client: LearnerClient = {
    kafka,
    absentBroker,
    openSockets: () => proxied.openSockets,
    recordsCame: () =>
      proxied.exchanges.reduce((sum, { apiKey, records }) => sum + (apiKey === FETCH ? records : 0), 0),
    wasHeldBack: () => proxied.kept > 0,
    isAsked: () => t.ask(proxied),
    exchanges: proxied.exchanges,
    asked: (api) => proxied.exchanges.filter((exchange) => exchange.api === api),
    answered: (api) => proxied.exchanges.filter((exchange) => exchange.api === api && exchange.isAnswered),
    at(api, when, what) {
      const point = new Point([api].flat(), when, what, (error) => t.onFault(error))
      proxied.points.push(point)
      return point
    },
    async hungUp(ms = 1_500) {
      const until = performance.now() + ms
      while (proxied.openSockets > 0 && performance.now() < until)
        await new Promise((resolve) => setTimeout(resolve, 10))
      return proxied.openSockets
    },
  }
  return { client, proxied }
}
