/**
 * Tokens: what a suite holds in place of something that lives in the learner's thread, and passes as an argument: a client, a
 * part of a memory, a value that the caller keeps. On its way through the membrane a token becomes a number.
 */
import type { ClientSpec } from './protocol.ts'
import type { SubjectWorker } from './subject-worker.ts'
import type { SharedMemory } from './tools.ts'

/** A kafkajs client in the learner's thread, as the suite holds it: nothing can be called on it here. */
export class ClientToken {
  readonly spec: ClientSpec
  constructor(spec: ClientSpec) {
    this.spec = spec
  }
}

/** A part of a `Memory`, to be handed to the learner's code as a Buffer or a plain Uint8Array. */
export class MemoryView {
  readonly memory: number
  readonly at: number
  readonly length: number
  readonly kind: string
  constructor(memory: number, at: number, length: number, kind: string) {
    this.memory = memory
    this.at = at
    this.length = length
    this.kind = kind
  }
}

export class Memory implements SharedMemory {
  readonly #worker: SubjectWorker
  readonly #id: number
  constructor(worker: SubjectWorker, id: number, size: number) {
    this.#worker = worker
    this.#id = id
    worker.askNow({ op: 'memory', memory: id, size })
  }

  write(at: number, bytes: Uint8Array): void {
    this.#worker.askNow({ op: 'write', memory: this.#id, at, bytes: Uint8Array.from(bytes) })
  }

  view(at: number, length: number, kind: 'Buffer' | 'Uint8Array' = 'Buffer'): Uint8Array {
    return new MemoryView(this.#id, at, length, kind) as unknown as Uint8Array
  }
}

/** What stands for a kept value among arguments. */
export class KeptToken {
  readonly id: number
  value: unknown
  constructor(id: number, value: unknown) {
    this.id = id
    this.value = value
  }
}

/** Arguments as they are now: kept values in place of what stands for them. */
export function asTheyAre(value: unknown): unknown {
  if (value instanceof KeptToken) return asTheyAre(value.value)
  if (!isPlain(value) || !Object.values(value).some(isKept)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asTheyAre(one)]))
}

function isKept(value: unknown): boolean {
  return value instanceof KeptToken || (isPlain(value) && Object.values(value).some(isKept))
}

/** The clients among arguments, by number; also in an object of options. */
export function clientsIn(args: readonly unknown[]): number[] {
  return args.flatMap((arg) => {
    if (arg instanceof ClientToken) return [arg.spec.id]
    return isPlain(arg) ? clientsIn(Object.values(arg).filter((one) => one instanceof ClientToken)) : []
  })
}

export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
