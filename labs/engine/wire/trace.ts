/**
 * What a client did, from the frames that it exchanged with the broker: which requests, how many records, which
 * errors came back. Read with the broker's own message schemas, in the protocol's own words:
 *
 *   Metadata ×2, JoinGroup, SyncGroup, Fetch ×3: 26 records; no OffsetCommit, no LeaveGroup
 *
 * - reading along never disturbs: a frame that is not understood is counted by its key and passed on
 * - only what was asked is told; what is missing is told where it matters: a member of a group that has not committed
 *   or not left
 */

import { messagesOf } from 'offset-zero-broker/src/messages/catalog.ts'
import { headerVersions, RequestHeader } from 'offset-zero-broker/src/messages/header.ts'
import { batchPositions, readBatchHeader } from 'offset-zero-broker/src/record/batch.ts'
import { errorName } from 'offset-zero-broker/src/wire/errors.ts'
import { Reader } from 'offset-zero-broker/src/wire/reader.ts'
import type { Text } from '../text.ts'

/** One request and what came of it. */
export interface Exchange {
  readonly api: string
  readonly apiKey: number
  readonly version: number
  /** Produce: how many acknowledgements were asked for. */
  readonly acks?: number
  /** JoinGroup: the group that the client wants to be in. */
  readonly group?: string
  /** Records in a Produce request or a Fetch response. */
  records: number
  /** Error codes other than 0 in the response, by name. */
  errors: readonly string[]
}

export interface RequestFrame {
  readonly exchange: Exchange
  readonly correlationId: number
  /** Where the body begins in the frame, bytes. */
  readonly bodyAt: number
}

export const FETCH = 1
const JOIN_GROUP = 11
const API_VERSIONS = 18

/** Reads a request, without the four bytes of its size. */
export function readRequest(frame: Uint8Array): RequestFrame {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  const [apiKey, version, correlationId] = [view.getInt16(0), view.getInt16(2), view.getInt32(4)]
  const messages = messagesOf(apiKey)
  const api = messages?.request.name.replace(/Request$/, '') ?? `API ${apiKey}`
  const flexible = messages !== undefined && version >= messages.request.flexibleSince
  const reader = new Reader(frame)
  let body: Record<string, unknown> = {}
  try {
    RequestHeader.decode(reader, headerVersions(apiKey, flexible).request)
    const bodyAt = reader.position
    body = (messages?.request.decode(reader, version) ?? {}) as Record<string, unknown>
    const acks = apiKey === 0 && typeof body.acks === 'number' ? { acks: body.acks } : {}
    const group = apiKey === JOIN_GROUP && typeof body.groupId === 'string' ? { group: body.groupId } : {}
    const exchange = { api, apiKey, version, ...acks, ...group, records: recordsIn(body), errors: [] }
    return { exchange, correlationId, bodyAt }
  } catch {
    return {
      exchange: { api, apiKey, version, records: 0, errors: [] },
      correlationId,
      bodyAt: reader.position,
    }
  }
}

/** Reads a response into its exchange; the frame is without its size. */
export function readResponse(frame: Uint8Array, exchange: Exchange): void {
  const messages = messagesOf(exchange.apiKey)
  if (messages === undefined) return
  const flexible = exchange.version >= messages.response.flexibleSince
  const reader = new Reader(frame, 4)
  try {
    if (headerVersions(exchange.apiKey, flexible).response === 1) reader.skip(1)
    const body = messages.response.decode(reader, exchange.version)
    if (exchange.apiKey === FETCH) exchange.records = recordsIn(body)
    exchange.errors = [...new Set(errorsIn(body))]
  } catch {}
}

function recordsIn(value: unknown): number {
  if (value instanceof Uint8Array) return 0
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + recordsIn(item), 0)
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  for (const [name, field] of Object.entries(value)) {
    if (name === 'records' && field instanceof Uint8Array) {
      for (const at of batchPositions(field)) count += readBatchHeader(field, at).recordCount
    } else count += recordsIn(field)
  }
  return count
}

function errorsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(errorsIn)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return []
  return Object.entries(value).flatMap(([name, field]) =>
    name === 'errorCode' && typeof field === 'number' && field !== 0 ? [errorName(field)] : errorsIn(field),
  )
}

/** All that a client did, in one paragraph; undefined when it asked for nothing. */
export function traceInWords(exchanges: readonly Exchange[], openConnections: number): Text | undefined {
  const asked = exchanges.filter(({ apiKey }) => apiKey !== API_VERSIONS)
  if (asked.length === 0) {
    if (exchanges.length === 0) return undefined
    return {
      en: 'Your client connected and asked for nothing.',
      ru: 'Ваш клиент подключился и ничего не запросил.',
    }
  }
  const steps: { api: string; times: number; records: number; acks: Set<number>; errors: Set<string> }[] = []
  for (const { api, records, acks, errors } of asked) {
    const known = steps.find((step) => step.api === api)
    const step = known ?? { api, times: 0, records: 0, acks: new Set<number>(), errors: new Set<string>() }
    if (known === undefined) steps.push(step)
    step.times++
    step.records += records
    if (acks !== undefined) step.acks.add(acks)
    // What was retried until it worked (a coordinator that is not there yet) is no news: the last answer counts.
    step.errors = new Set(errors)
  }
  const has = (api: string) => steps.some((step) => step.api === api)
  const missing = has('JoinGroup') ? ['OffsetCommit', 'LeaveGroup'].filter((api) => !has(api)) : []
  const one = (lang: 'en' | 'ru') => {
    const told = steps.map(({ api, times, records, acks, errors }) => {
      const details = [
        ...([api].includes('Produce') || api === 'Fetch' ? [recordsInWords(records, lang)] : []),
        ...[...acks].map((ack) => `acks ${ack}`),
        ...errors,
      ]
      return `${api}${times > 1 ? ` ×${times}` : ''}${details.length > 0 ? ` (${details.join(', ')})` : ''}`
    })
    const no = missing.map((api) => (lang === 'en' ? `no ${api}` : `нет ${api}`)).join(', ')
    const open =
      openConnections === 0
        ? ''
        : lang === 'en'
          ? ` Connections still open: ${openConnections}.`
          : ` Соединений ещё открыто: ${openConnections}.`
    const list = `${told.join(', ')}${no === '' ? '' : `; ${no}`}`
    return lang === 'en' ? `Your client asked for: ${list}.${open}` : `Ваш клиент запросил: ${list}.${open}`
  }
  return { en: one('en'), ru: one('ru') }
}

const forms = { en: new Intl.PluralRules('en'), ru: new Intl.PluralRules('ru') }

function recordsInWords(count: number, lang: 'en' | 'ru'): string {
  const form = forms[lang].select(count)
  if (lang === 'en') return `${count} ${form === 'one' ? 'record' : 'records'}`
  return `${count} ${form === 'one' ? 'запись' : form === 'few' ? 'записи' : 'записей'}`
}
