/**
 * An instance of the learner's program: the file in a thread of its own, with clients of its own. A check that is about
 * crashes, pauses and zombies starts as many as it needs, and decides when which of them ends.
 *
 *   const one = await instance<Worker>(t, bench)
 *   const running = one.subject.consume(one.client().kafka, { topic, group, handler })
 *   await t.until(() => gate.waiting === 1, { during: running })
 *   await one.crash()
 *   const two = await instance<Worker>(t, bench)
 *
 * - a crash takes no time on any cluster: the members that the proxy saw joining are removed from their groups, so that
 *   nobody waits for the end of a session. A static member stays: it is there to come back under its name.
 *
 * INSTANCE-1  after `crash` has been called, no byte of the instance reaches the broker, and no code of it calls the suite
 * INSTANCE-2  what an instance does is told under its name
 */
import type { SubjectThread } from './subject/tools.ts'
import type { Text } from './text.ts'
import type { Trial } from './trial.ts'
import type { KafkaBench } from './wire/bench.ts'
import { clientIn, type LearnerClient, type LearnerClientOptions } from './wire/learner-client.ts'
import type { Point, PointWhat, PointWhen } from './wire/point.ts'
import type { MemberSeen, ProxyClient } from './wire/proxy-client.ts'
import { fill, words } from './words.ts'

export class Instance<Subject> {
  readonly subject: Subject
  readonly name: Text
  readonly clients: LearnerClient[] = []
  readonly #trial: Trial<string>
  readonly #bench: KafkaBench
  readonly #thread: SubjectThread
  readonly #proxied: ProxyClient[] = []
  #isCutOff = false

  constructor(trial: Trial<string>, bench: KafkaBench, thread: SubjectThread, name: Text) {
    this.subject = thread.subject as Subject
    this.name = name
    this.#trial = trial
    this.#bench = bench
    this.#thread = thread
  }

  /** A client of this instance, to be handed to its functions. */
  client(options: LearnerClientOptions = {}): LearnerClient {
    const named = { name: this.name, ...options }
    const { client, proxied } = clientIn(this.#trial, this.#bench, named, this.#thread.tools)
    if (this.#isCutOff) proxied.cutOff()
    this.clients.push(client)
    this.#proxied.push(proxied)
    return client
  }

  /** Its members in groups, as the broker named them. */
  get members(): readonly MemberSeen[] {
    return this.#proxied.flatMap((client) => client.members())
  }

  /** Whether its thread has ended. */
  get isGone(): boolean {
    return this.#thread.isGone
  }

  /** A point on any of the clients that it has now. */
  at(api: string | readonly string[], when: PointWhen, what: PointWhat): Point {
    const [first, ...more] = this.clients
    if (first === undefined) throw new Error('instance: make a client first')
    const point = first.at(api, when, what)
    for (const client of this.#proxied.slice(1, 1 + more.length)) client.points.push(point)
    return point
  }

  /**
   * Ends it at once: connections are cut, no `finally` and no timer runs. `members`: 'leave' removes them from their
   * groups; 'stay' leaves them there until their session ends. When left out, static ones stay.
   */
  async crash({ members }: { readonly members?: 'leave' | 'stay' } = {}): Promise<void> {
    const left = this.members.filter(
      ({ instanceId }) => members === 'leave' || (members === undefined && instanceId === undefined),
    )
    for (const client of this.#proxied) client.end()
    await this.#thread.end()
    await this.#bench.removeMembers(left)
  }

  /** The thread stands still, and its connections stay open: a long pause for garbage, a stopped machine. */
  freeze(): void {
    this.#thread.freeze()
  }

  thaw(): void {
    this.#thread.thaw()
  }

  /** The thread goes on; what it sends and what is sent to it is kept back until `letOn`. */
  cutOff(): void {
    this.#isCutOff = true
    for (const client of this.#proxied) client.cutOff()
  }

  letOn(): void {
    this.#isCutOff = false
    for (const client of this.#proxied) client.letOn()
  }

  /** The group takes it for dead: its members are removed, while it lives on and knows nothing of it. */
  async expel(): Promise<void> {
    await this.#bench.removeMembers(this.members)
  }
}

/** Starts an instance of the learner's program for this check. */
export async function instance<Subject>(
  t: Trial<string>,
  bench: KafkaBench,
  options: { readonly name?: Text } = {},
): Promise<Instance<Subject>> {
  const name = options.name ?? fill(words.instance, { number: t.nextInstance() })
  return new Instance<Subject>(t, bench, await t.tools.thread(), name)
}
