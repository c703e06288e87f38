/**
 * One client of the learner's, as the proxy sees it: its connections, what went over them, and how its traffic is meddled
 * with.
 */
import type net from 'node:net'
import type { Text } from '../text.ts'
import type { Exchange } from './exchange.ts'
import type { Fate, Point } from './point.ts'
import { traceInWords } from './trace.ts'

/** How all traffic of a client is meddled with; single requests and answers are a `Point`'s. */
export interface Hold {
  /**
   * A Fetch brings records: is it to be kept for longer? Asked every few ms. `ms`: it has been kept so long;
   * `nth`: it is the nth that brings records to this client, from 1.
   */
  readonly isHeld?: ((ms: number, nth: number) => boolean) | undefined
  /** The broker has done what was asked: what is to happen before the client hears of it? `nth`: of its kind, from 1. */
  readonly beforeAnswer?: ((exchange: Exchange, nth: number) => Promise<void> | void) | undefined
}

/** A member of a group, as the broker named it. */
export interface MemberSeen {
  readonly group: string
  readonly memberId: string
  readonly instanceId: string | undefined
  readonly generation: number
}

export class ProxyClient {
  readonly id: number
  /** What it is called where several are told apart. */
  readonly name: Text | undefined
  readonly exchanges: Exchange[] = []
  readonly hold: Hold | undefined
  readonly sockets = new Set<net.Socket>()
  readonly points: Point[] = []
  /** Fetch responses with records that have come from the broker. */
  deliveries = 0
  /** Fetch responses with records that were kept back for some time. */
  kept = 0
  /** It is over: connections are refused. */
  isOver = false
  /** A request was asked or answered. */
  onNews: () => void = () => {}

  readonly #answers = new Map<string, number>()
  #passage: Promise<void> | undefined
  #letOn: () => void = () => {}

  constructor(id: number, hold: Hold | undefined, name: Text | undefined) {
    this.id = id
    this.hold = hold
    this.name = name
  }

  get openSockets(): number {
    return this.sockets.size
  }

  /** Counts an answer to a request of this kind. Gives how many there have been. */
  countAnswer(api: string): number {
    const nth = 1 + (this.#answers.get(api) ?? 0)
    this.#answers.set(api, nth)
    return nth
  }

  /** What a point wants to become of this exchange; the first that has an opinion decides. */
  fateOf(exchange: Exchange, side: 'request' | 'answer'): Fate | Promise<Fate> | undefined {
    for (const point of this.points) {
      if (point.isOfAnswers !== (side === 'answer')) continue
      const fate = point.meet(exchange)
      if (fate !== undefined) return fate
    }
    return undefined
  }

  /** Undefined when the way is free; else resolves when it is. */
  get passage(): Promise<void> | undefined {
    return this.#passage
  }

  /** Nothing goes through any more, in either direction; connections stay, and new ones are made. */
  cutOff(): void {
    this.#passage ??= new Promise((resolve) => {
      this.#letOn = resolve
    })
  }

  /** What was kept back goes on, in order. */
  letOn(): void {
    this.#passage = undefined
    this.#letOn()
  }

  /** The groups that it is a member of, as far as answers say: joined, and not left. */
  members(): MemberSeen[] {
    const members = new Map<string, MemberSeen>()
    for (const { api, group, memberId, instanceId, generation, request, errors, isAnswered } of this
      .exchanges) {
      if (
        api === 'JoinGroup' &&
        group !== undefined &&
        isAnswered &&
        memberId !== undefined &&
        memberId !== ''
      )
        members.set(`${group} ${memberId}`, { group, memberId, instanceId, generation: generation ?? -1 })
      if (api !== 'LeaveGroup' || group === undefined || !isAnswered || errors.length > 0) continue
      const left = (request?.members ?? []) as readonly { readonly memberId: string }[]
      for (const id of [memberId ?? '', ...left.map((one) => one.memberId)]) members.delete(`${group} ${id}`)
    }
    return [...members.values()]
  }

  did(): Text | undefined {
    return traceInWords(this.exchanges, { name: this.name, openConnections: this.openSockets })
  }

  /** Cuts what is still open. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy()
  }

  /** Cuts what is still open and refuses what comes. */
  end(): void {
    this.isOver = true
    this.cut()
    this.letOn()
  }
}
