/**
 * One request at a time to each node, with a timeout and a pause after a failure.
 *
 *   ready --sent--> waiting --answer--> ready
 *                      |---- failure --> backing off --retryBackoffMs--> ready
 *                      `---- requestTimeoutMs --> ready (a late answer is ignored)
 *
 * The quorum asks what it may send now, instead of queueing: a Vote that waited for a slow connection would speak for an
 * epoch that is over. All is forgotten at each change of the state. (Kafka: RequestManager)
 *
 * CONNECTIONS-1  an answer counts only if its request is the one that is waited for, and has not timed out: meanwhile the
 *     same may have been asked of another node
 */
interface Connection {
  /** The correlation id of the request that is waited for. */
  readonly waitingFor?: number
  /** When this state ends: the timeout of the request, or the end of the pause; ms of the monotonic clock. */
  readonly untilMs: number
}

export class Connections {
  private readonly timing: { readonly retryBackoffMs: number; readonly requestTimeoutMs: number }
  private readonly byId = new Map<number, Connection>()
  private nextId = 0

  constructor(timing: { retryBackoffMs: number; requestTimeoutMs: number }) {
    this.timing = timing
  }

  /** Ms until a request may be sent to the node; 0 if now. */
  waitMs(id: number, nowMs: number): number {
    return Math.max(0, (this.byId.get(id)?.untilMs ?? nowMs) - nowMs)
  }

  isReady(id: number, nowMs: number): boolean {
    return this.waitMs(id, nowMs) === 0
  }

  /** Whether the last request to the node failed or got no answer. */
  hasFailed(id: number, nowMs: number): boolean {
    const connection = this.byId.get(id)
    if (!connection) return false
    return connection.waitingFor === undefined ? nowMs < connection.untilMs : nowMs >= connection.untilMs
  }

  /** Ms until no request is waited for; 0 if none is. */
  busyMs(nowMs: number): number {
    let busy = 0
    for (const { waitingFor, untilMs } of this.byId.values())
      if (waitingFor !== undefined) busy = Math.max(busy, untilMs - nowMs)
    return busy
  }

  /** A request is sent; returns its correlation id. */
  sent(id: number, nowMs: number): number {
    const waitingFor = this.nextId++
    this.byId.set(id, { waitingFor, untilMs: nowMs + this.timing.requestTimeoutMs })
    return waitingFor
  }

  /** Whether the answer to this request is still of interest (CONNECTIONS-1). */
  isExpected(id: number, correlationId: number, nowMs: number): boolean {
    const connection = this.byId.get(id)
    return connection?.waitingFor === correlationId && nowMs < connection.untilMs
  }

  /** The request was answered, or failed. */
  ended(id: number, correlationId: number, { success, nowMs }: { success: boolean; nowMs: number }): void {
    if (!this.isExpected(id, correlationId, nowMs)) return
    if (success) this.byId.delete(id)
    else this.byId.set(id, { untilMs: nowMs + this.timing.retryBackoffMs })
  }

  resetAll(): void {
    this.byId.clear()
  }
}
