/**
 * A common form of Kafka's message definitions (JSON with comments, in its jars) and ours (wire/schema.ts). A shape has
 * one line per field, so that differences are differences of lines:
 *
 *   topics[].partitions[].records: records 4-18 nullable 4 tag - default -
 *
 * - a field's versions are limited to those of the enclosing structure
 * - a default that equals the default of its type is not shown
 */
import type { AnyField, FieldOptions, Fields } from '../src/wire/field.ts'
import { type Message, parseVersions, type VersionRange, versionsOf } from '../src/wire/schema.ts'

/** A definition in Kafka's JSON, as far as it concerns the encoding. */
export interface Definition {
  readonly name: string
  readonly apiKey?: number
  readonly validVersions: string
  readonly flexibleVersions: string
  readonly latestVersionUnstable?: boolean
  readonly fields: readonly DefinedField[]
  readonly commonStructs?: readonly { readonly name: string; readonly fields: readonly DefinedField[] }[]
}

interface DefinedField {
  readonly name: string
  readonly type: string
  readonly versions?: string
  readonly nullableVersions?: string
  readonly taggedVersions?: string
  readonly flexibleVersions?: string
  readonly tag?: number
  readonly default?: unknown
  readonly fields?: readonly DefinedField[]
}

/** All properties of a message that two declarations of it must share. */
export interface Shape {
  readonly head: string
  readonly fields: readonly string[]
}

/** The definition in the text of one of Kafka's JSON files. */
export function parseDefinition(text: string): Definition {
  return JSON.parse(text.replace(/^\s*\/\/.*$/gm, '').replace(/([,{[])\s*\/\/ .*$/gm, '$1')) as Definition
}

/** The shape of Kafka's definition. */
export function definitionShape(definition: Definition): Shape {
  const { name, apiKey = -1, validVersions, flexibleVersions, latestVersionUnstable = false } = definition
  const valid = parseVersions(validVersions)
  const flexible =
    flexibleVersions === 'none' ? Number.POSITIVE_INFINITY : parseVersions(flexibleVersions).min
  return {
    head: head(name, apiKey, valid, flexible, latestVersionUnstable),
    fields: definedLines(definition, definition.fields, valid, ''),
  }
}

/** The shape of our declaration. */
export function messageShape(message: Message<unknown>): Shape {
  const { name, apiKey, versions, flexibleSince, latestUnstable } = message
  return {
    head: head(name, apiKey, versions, flexibleSince, latestUnstable),
    fields: declaredLines(message.fields, versions, ''),
  }
}

function head(
  name: string,
  apiKey: number,
  versions: VersionRange,
  flexible: number,
  unstable: boolean,
): string {
  return `${name} key ${apiKey} ${show(versions)} flexible ${flexible}${unstable ? ' unstable' : ''}`
}

function definedLines(
  of: Definition,
  fields: readonly DefinedField[],
  outer: VersionRange,
  path: string,
): string[] {
  return fields.flatMap((field) => {
    const at = path + field.name.charAt(0).toLowerCase() + field.name.slice(1)
    const versions = cut(parseVersions(field.versions ?? field.taggedVersions ?? 'none'), outer)
    if (versions.min > versions.max) return []
    const type = field.type.replace('[]', '')
    const list = type !== field.type
    const nullable = firstOf(field.nullableVersions, versions)
    const tagged =
      field.tag === undefined ? '' : ` tag ${field.tag} since ${firstOf(field.taggedVersions, versions)}`
    const classic = field.flexibleVersions === 'none' ? ' classic' : ''
    const inner = field.fields ?? of.commonStructs?.find((struct) => struct.name === type)?.fields
    const kind = (inner ? 'struct' : type) + (list ? '[]' : '')
    const fallback = defaultText(kind, field.default ?? undefined)
    return [
      `${at}: ${kind} ${show(versions)} nullable ${nullable}${tagged}${classic} default ${fallback}`,
      ...(inner ? definedLines(of, inner, versions, `${at}${list ? '[]' : ''}.`) : []),
    ]
  })
}

function declaredLines(fields: Fields, outer: VersionRange, path: string): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const { options } = field
    const versions = cut(versionsOf(options), outer)
    const list = field.type.kind === 'array'
    const element: AnyField = field.type.kind === 'array' ? field.type.element : field
    const kind = element.type.kind + (list ? '[]' : '')
    const fallback = defaultText(kind, options.default === null ? 'null' : options.default)
    const tagged = options.tag === undefined ? '' : ` tag ${options.tag} since ${tagSince(options, versions)}`
    const classic = options.classic ? ' classic' : ''
    const line = `${path}${name}: ${kind} ${show(versions)} nullable ${nullableSince(options, versions)}`
    return [
      `${line}${tagged}${classic} default ${fallback}`,
      ...(element.type.kind === 'struct'
        ? declaredLines(element.type.fields, versions, `${path}${name}${list ? '[]' : ''}.`)
        : []),
    ]
  })
}

function nullableSince({ nullable }: FieldOptions, versions: VersionRange): number | 'never' {
  if (nullable === undefined) return 'never'
  return nullable === true ? versions.min : Math.max(nullable, versions.min)
}

function tagSince({ tagSince = 0 }: FieldOptions, versions: VersionRange): number {
  return Math.max(tagSince, versions.min)
}

/** The first of `versions` that is in the range `text`. */
function firstOf(text: string | undefined, versions: VersionRange): number | 'never' {
  if (text === undefined || text === 'none') return 'never'
  const { min, max } = cut(parseVersions(text), versions)
  if (max < versions.max) throw new Error(`a range that ends before its field cannot be declared: ${text}`)
  return min
}

function cut(range: VersionRange, outer: VersionRange): VersionRange {
  return { min: Math.max(range.min, outer.min), max: Math.min(range.max, outer.max) }
}

function show({ min, max }: VersionRange): string {
  return `${min}-${max}`
}

/** Null is the text "null" there (a bare JSON null means no default); numbers may be text, also in hexadecimal. */
function defaultText(kind: string, value: unknown): string {
  if (value === undefined || value === '') return '-'
  if (value === 'null') return 'null'
  if (kind === 'string') return String(value)
  if (kind === 'bool') return String(value) === 'true' ? 'true' : '-'
  const number = Number(value)
  return number === 0 ? '-' : String(number)
}
