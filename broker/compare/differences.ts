/**
 * Finds the differences between two responses, field by field, and separates the known ones.
 *
 * DIFFERENCES-1  a difference that no entry of the ledger explains is a failure
 * DIFFERENCES-2  so is an entry whose scenario has run and that explains nothing: it must be removed
 */
import type { LedgerEntry } from './ledger/entry.ts'

export interface Difference {
  readonly scenario: string
  /** `2 Fetch v12: responses[0].partitions[0].errorCode`; the number is the position of the call in the scenario. */
  readonly path: string
  readonly ours: unknown
  readonly kafka: unknown
}

export function differences(scenario: string, path: string, ours: unknown, kafka: unknown): Difference[] {
  if (Array.isArray(ours) && Array.isArray(kafka) && ours.length === kafka.length)
    return ours.flatMap((each, index) => differences(scenario, `${path}[${index}]`, each, kafka[index]))
  if (isStruct(ours) && isStruct(kafka)) {
    const names = [...new Set([...Object.keys(ours), ...Object.keys(kafka)])]
    return names.flatMap((name) => differences(scenario, `${path}.${name}`, ours[name], kafka[name]))
  }
  if (JSON.stringify(ours) === JSON.stringify(kafka)) return []
  return [{ scenario, path, ours, kafka }]
}

function isStruct(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether an entry explains this difference. `*` in its patterns matches anything. */
export function explains(entry: LedgerEntry, difference: Difference): boolean {
  return (
    matches(entry.scenario, difference.scenario) &&
    matches(entry.field, difference.path) &&
    (!('ours' in entry || 'kafka' in entry) || sameValues(entry, difference))
  )
}

function sameValues(entry: LedgerEntry, { ours, kafka }: Difference): boolean {
  return (
    JSON.stringify(entry.ours) === JSON.stringify(ours) &&
    JSON.stringify(entry.kafka) === JSON.stringify(kafka)
  )
}

export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.[\]()+?^$\\{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(text)
}

export function show({ path, ours, kafka }: Difference): string {
  return `  ${path}\n    ours   ${JSON.stringify(ours)}\n    Kafka  ${JSON.stringify(kafka)}\n`
}
