/** A record as kafka-console-consumer prints it: the value, and what was asked for before it. */

export interface RecordToShow {
  readonly partition: number
  readonly offset: number
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly (readonly [string, string | null])[]
}

const NO_HEADERS = 'NO_HEADERS'

/** `properties`: print.key, print.offset and so on, key.separator, null.literal. */
export function shownRecord(record: RecordToShow, properties: ReadonlyMap<string, string>): string {
  const isAsked = (what: string, usually = false) =>
    (properties.get(`print.${what}`) ?? String(usually)) === 'true'
  const none = properties.get('null.literal') ?? 'null'
  const headers = record.headers.map(([name, value]) => `${name}:${value ?? none}`)
  const parts: [boolean, string][] = [
    [isAsked('timestamp'), `CreateTime:${record.timestamp}`],
    [isAsked('partition'), `Partition:${record.partition}`],
    [isAsked('offset'), `Offset:${record.offset}`],
    [isAsked('headers'), headers.length === 0 ? NO_HEADERS : headers.join(',')],
    [isAsked('key'), record.key ?? none],
    [isAsked('value', true), record.value ?? none],
  ]
  return parts
    .filter(([isShown]) => isShown)
    .map(([, text]) => text)
    .join(properties.get('key.separator') ?? '\t')
}
