/**
 * What a client did, in one paragraph: which requests, how many records, which errors came back.
 *
 *   Metadata ×2, JoinGroup, SyncGroup, Fetch ×3: 26 records; no OffsetCommit, no LeaveGroup
 *
 * - only what was asked is told; what is missing is told where it matters: a member of a group that has not committed
 *   or not left
 */
import { plural } from '../plural.ts'
import type { Lang, Text } from '../text.ts'
import { type Exchange, FETCH, PRODUCE } from './exchange.ts'

const API_VERSIONS = 18

/** Who did it, as far as a trace cares. */
export interface Teller {
  /** A client that has a name is called by it. */
  readonly name?: Text | undefined
  readonly openConnections: number
}

/** All that a client did; undefined when it did not even connect. */
export function traceInWords(exchanges: readonly Exchange[], teller: Teller): Text | undefined {
  if (exchanges.length === 0) return undefined
  return { en: traceIn('en', exchanges, teller), ru: traceIn('ru', exchanges, teller) }
}

function traceIn(lang: Lang, exchanges: readonly Exchange[], { name, openConnections }: Teller): string {
  const steps = stepsOf(exchanges)
  const who = name?.[lang] ?? (lang === 'en' ? 'Your client' : 'Ваш клиент')
  if (steps.length === 0)
    return lang === 'en'
      ? `${who} connected and asked for nothing.`
      : `${who} подключился и ничего не запросил.`
  const has = (api: string) => steps.some((step) => step.api === api)
  const hasCommitted = has('OffsetCommit') || has('TxnOffsetCommit')
  const missing = has('JoinGroup')
    ? [...(hasCommitted ? [] : ['OffsetCommit']), ...(has('LeaveGroup') ? [] : ['LeaveGroup'])]
    : []
  const no = missing.map((api) => (lang === 'en' ? `no ${api}` : `нет ${api}`)).join(', ')
  const list = [steps.map((step) => stepIn(lang, step)).join(', '), ...(no === '' ? [] : [no])].join('; ')
  if (lang === 'en') {
    const open = openConnections === 0 ? '' : ` Connections still open: ${openConnections}.`
    return `${who} asked for: ${list}.${open}`
  }
  const open = openConnections === 0 ? '' : ` Соединений ещё открыто: ${openConnections}.`
  // A name may be of any gender: the verb is left out.
  return `${name === undefined ? `${who} запросил` : `${who}, запросы`}: ${list}.${open}`
}

interface Step {
  readonly api: string
  readonly apiKey: number
  times: number
  records: number
  readonly acks: Set<number>
  errors: readonly string[]
}

function stepsOf(exchanges: readonly Exchange[]): Step[] {
  const steps: Step[] = []
  for (const { api, apiKey, records, acks, errors } of exchanges) {
    if (apiKey === API_VERSIONS) continue
    const known = steps.find((step) => step.api === api)
    const step = known ?? { api, apiKey, times: 0, records: 0, acks: new Set<number>(), errors: [] }
    if (known === undefined) steps.push(step)
    step.times++
    step.records += records
    if (acks !== undefined) step.acks.add(acks)
    // What was retried until it worked (a coordinator that is not there yet) is no news: the last answer counts.
    step.errors = errors
  }
  return steps
}

function stepIn(lang: Lang, { api, apiKey, times, records, acks, errors }: Step): string {
  const forms = lang === 'en' ? ['record', 'records'] : ['запись', 'записи', 'записей']
  const details = [
    ...(apiKey === PRODUCE || apiKey === FETCH ? [`${records} ${plural(records, lang, forms)}`] : []),
    ...[...acks].map((ack) => `acks ${ack}`),
    ...errors,
  ]
  return `${api}${times > 1 ? ` ×${times}` : ''}${details.length > 0 ? ` (${details.join(', ')})` : ''}`
}
