/** States that never change: a step gives the next state, or nothing for what is known. A state is adopted when it is saved. */
import type { EachMessagePayload, Kafka } from 'kafkajs'

interface Place {
  partition: number
  offset: number
}
interface Identified {
  id: string
  timestamp: number
}
interface Numbered {
  producer: string
  epoch: number
  sequence: number
}
interface Received extends Place, Identified {
  key: string | null
  value: string
}
type Changes = Record<string, string | null>
interface Options {
  keepMs: number
  handle(record: Received): Promise<Changes>
  store: {
    load(name: string): Promise<string | null>
    save(changes: Changes): Promise<void>
  }
}

type Step<State, Asked> = (state: State, asked: Asked) => State | undefined

/** A memory that holds one state after the other. */
function memoryOf<State, Asked>(step: Step<State, Asked>, empty: State, saved: string | null) {
  let state = saved === null ? empty : (JSON.parse(saved) as State)
  return {
    isNew: (asked: Asked) => {
      const next = step(state, asked)
      state = next ?? state
      return next !== undefined
    },
    saved: () => JSON.stringify(state),
  }
}

type Offsets = Readonly<Record<string, number>>
const offsetStep: Step<Offsets, Place> = (state, { partition, offset }) =>
  offset <= (state[partition] ?? -1) ? undefined : { ...state, [partition]: offset }

interface Ids {
  readonly now: number
  readonly seen: readonly (readonly [id: string, at: number])[]
}
const noIds: Ids = { now: 0, seen: [] }

function idStep(keepMs: number, state: Ids, { id, timestamp }: Identified): { state: Ids; isNew: boolean } {
  const now = state.now > timestamp ? state.now : timestamp
  const seen = state.seen.filter(([, at]) => now - at < keepMs)
  const isNew = !seen.some(([one]) => one === id)
  return { state: { now, seen: isNew ? [...seen, [id, timestamp]] : seen }, isNew }
}

type Numbers = readonly (readonly [producer: string, epoch: number, sequence: number])[]
const numberStep: Step<Numbers, Numbered> = (state, { producer, epoch, sequence }) => {
  const last = state.find(([name]) => name === producer)
  if (last !== undefined && (epoch - last[1] || sequence - last[2]) <= 0) return undefined
  return [...state.filter((one) => one !== last), [producer, epoch, sequence]]
}

export const rememberOffsets = (saved: string | null) => memoryOf(offsetStep, {}, saved)
export const rememberSequences = (saved: string | null) => memoryOf(numberStep, [], saved)

export function rememberIds(keepMs: number, saved: string | null) {
  let state = saved === null ? noIds : (JSON.parse(saved) as Ids)
  return {
    isNew: (asked: Identified) => {
      const next = idStep(keepMs, state, asked)
      state = next.state
      return next.isNew
    },
    saved: () => JSON.stringify(state),
  }
}

interface State {
  readonly last: number
  readonly ids: Ids
}

export async function consumeOnce(kafka: Kafka, topic: string, group: string, options: Options) {
  const { keepMs, handle, store } = options
  let states: Readonly<Record<string, State>> = {}

  const stateOf = async (partition: number): Promise<State> => {
    const known = states[partition]
    if (known !== undefined) return known
    const saved = await store.load(`memory:${partition}`)
    return saved === null ? { last: -1, ids: noIds } : (JSON.parse(saved) as State)
  }

  const take = async (payload: EachMessagePayload) => {
    const { partition } = payload
    const record = received(payload)
    const state = await stateOf(partition)
    if (record.offset <= state.last) return
    const { state: ids, isNew } = idStep(keepMs, state.ids, record)
    const next: State = { last: record.offset, ids }
    if (isNew) {
      // Whether a save that fails has saved is known to the store only: until it succeeds, nothing is known here.
      const { [partition]: _unsure, ...others } = states
      states = others
      try {
        await store.save({ ...(await handle(record)), [`memory:${partition}`]: JSON.stringify(next) })
      } catch (cause) {
        throw new Error('again', { cause })
      }
    }
    states = { ...states, [partition]: next }
  }
  return consume(kafka, topic, group, take)
}

function received({ partition, message }: EachMessagePayload): Received {
  return {
    partition,
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    id: String(message.headers?.id),
    key: message.key?.toString() ?? null,
    value: message.value?.toString() ?? '',
  }
}

/** Starts a consumer that begins with the oldest record; hangs up when it cannot. */
async function consume(
  kafka: Kafka,
  topic: string,
  group: string,
  eachMessage: (payload: EachMessagePayload) => Promise<void>,
) {
  const consumer = kafka.consumer({ groupId: group })
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({ eachMessage })
  } catch (error) {
    await consumer.disconnect()
    throw error
  }
  return { stop: () => consumer.disconnect() }
}
