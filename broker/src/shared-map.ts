/**
 * A map with many versions: a copy shares nearly all entries with its original.
 *
 *   base      a, b, c, d, e, …     thousands of entries; shared by the versions, and never changed
 *   changed   b -> new, d -> gone  what this version has instead
 *   added     x, y                 keys behind those of the base
 *
 * The metadata of a cluster gets a new version with each change (controller/metadata/metadata-image.ts). A copy of a `Map`
 * takes a millisecond for 20,000 topics, so to create them one by one took half a minute of copying. Here only the
 * differences from the base are copied; when there are more than the square root of the entries, the next copy gets a base
 * of its own. So a change takes time that grows with the square root of the map. Kafka uses a persistent hash tree
 * (ImmutableMap, KAFKA-14735), which loses the order of insertion.
 *
 * The same division finds what differs between two versions without a look at all entries: `changedKeys`.
 *
 * SHARED-MAP-1  it behaves like a Map, the order of its entries included
 * SHARED-MAP-2  a change of one version is not visible in any other one
 * SHARED-MAP-3  a copy copies at most sqrt(size) entries, except after as many changes
 */

const GONE = Symbol('gone')
/** So many differences are copied, however small the map is. */
const DIFFERENCES_MIN = 32

export class SharedMap<K, V extends {}> implements ReadonlyMap<K, V> {
  private base: Map<K, V>
  /** Other versions have the same base: it must not be changed. */
  private isBaseShared = false
  /** Differences at keys of the base. */
  private changed = new Map<K, V | typeof GONE>()
  private added = new Map<K, V>()
  private count: number

  constructor(entries: Iterable<readonly [K, V]> = []) {
    this.base = new Map(entries)
    this.count = this.base.size
  }

  /** A version that may be changed; this one may be, too. */
  copy(): SharedMap<K, V> {
    const { changed, added } = this
    const copy = new SharedMap<K, V>()
    copy.count = this.count
    const isFar = changed.size + added.size > Math.max(DIFFERENCES_MIN, Math.sqrt(this.count))
    if (isFar || this.count === 0) {
      copy.base = new Map(this)
      return copy
    }
    this.isBaseShared = true
    copy.isBaseShared = true
    copy.base = this.base
    copy.changed = new Map(changed)
    copy.added = new Map(added)
    return copy
  }

  get size(): number {
    return this.count
  }

  get(key: K): V | undefined {
    if (this.isPlain) return this.base.get(key)
    const other = this.changed.get(key) ?? this.base.get(key)
    return other === undefined || other === GONE ? this.added.get(key) : (other as V)
  }

  has(key: K): boolean {
    return this.get(key) !== undefined
  }

  set(key: K, value: V): this {
    const known = this.get(key)
    if (known === undefined) this.count++
    if (!this.isBaseShared) this.base.set(key, value)
    else if (known !== undefined && !this.added.has(key)) this.changed.set(key, value)
    else this.added.set(key, value)
    return this
  }

  delete(key: K): boolean {
    if (!this.has(key)) return false
    this.count--
    if (!this.isBaseShared) this.base.delete(key)
    else if (!this.added.delete(key)) this.changed.set(key, GONE)
    return true
  }

  private get isPlain(): boolean {
    return this.changed.size === 0 && this.added.size === 0
  }

  entries(): MapIterator<[K, V]> {
    return this.isPlain ? this.base.entries() : this.joined()
  }

  private *joined(): Generator<[K, V], undefined> {
    for (const entry of this.base) {
      const other = this.changed.get(entry[0])
      if (other === undefined) yield entry
      else if (other !== GONE) yield [entry[0], other as V]
    }
    yield* this.added
    return undefined
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries()
  }

  keys(): MapIterator<K> {
    return this.isPlain ? this.base.keys() : firsts(this.joined())
  }

  values(): MapIterator<V> {
    return this.isPlain ? this.base.values() : seconds(this.joined())
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this) visit(value, key, this)
  }

  /** The keys at which `other` may differ; undefined if the two have no base in common. */
  differences(other: SharedMap<K, V>): Set<K> | undefined {
    if (this.base !== other.base) return undefined
    const parts = [this.changed, this.added, other.changed, other.added]
    return new Set(parts.flatMap((part) => [...part.keys()]))
  }
}

function* firsts<K, V>(entries: Iterable<[K, V]>): Generator<K, undefined> {
  for (const [key] of entries) yield key
  return undefined
}

function* seconds<K, V>(entries: Iterable<[K, V]>): Generator<V, undefined> {
  for (const [, value] of entries) yield value
  return undefined
}

/** The keys at which two maps have different values, or only one of them has a value: first those of `before`. */
export function changedKeys<K, V extends {}>(before: ReadonlyMap<K, V>, after: ReadonlyMap<K, V>): K[] {
  if (before === after) return []
  const isShared = before instanceof SharedMap && after instanceof SharedMap
  const maybe: Iterable<K> =
    (isShared ? (before as SharedMap<K, V>).differences(after as SharedMap<K, V>) : undefined) ??
    new Set([...before.keys(), ...after.keys()])
  return [...maybe].filter((key) => before.get(key) !== after.get(key))
}
