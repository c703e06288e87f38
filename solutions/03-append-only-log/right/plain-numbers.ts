/** Right, other structure: batches as arrays of numbers, joined by three parallel lists; plain functions on one record. */

interface State {
  startOffset: number
  endOffset: number
  ends: number[]
  lengths: number[]
  contents: number[][]
}

function append(state: State, batch: Uint8Array, count: number): number {
  if (count < 1 || Math.round(count) !== count || count === Number.POSITIVE_INFINITY || batch.length < 8)
    throw Object.assign(new RangeError('refused'), { count, length: batch.length })
  const base = state.endOffset
  const digits = base.toString(16).padStart(16, '0')
  const content = Array.from(batch)
  for (let i = 0; i < 8; i++) content[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)
  state.contents.push(content)
  state.lengths.push(batch.length)
  state.endOffset = base + count
  state.ends.push(state.endOffset)
  return base
}

function read(state: State, offset: number, maxBytes: number): Uint8Array[] {
  const isInside = state.startOffset <= offset && offset <= state.endOffset
  if (!isInside) throw new RangeError(`offset ${offset}`)
  const first = state.ends.findIndex((end) => end > offset)
  if (first < 0) return []
  let last = first
  let size = state.lengths[first] ?? 0
  for (;;) {
    const next = state.lengths[last + 1]
    if (next === undefined || size + next > maxBytes) break
    size += next
    last++
  }
  return state.contents.slice(first, last + 1).map((content) => new Uint8Array(content))
}

export function createLog(startOffset: number) {
  const state: State = { startOffset, endOffset: startOffset, ends: [], lengths: [], contents: [] }
  return {
    get startOffset() {
      return state.startOffset
    },
    get endOffset() {
      return state.endOffset
    },
    append: (batch: Uint8Array, count: number) => append(state, batch, count),
    read: (offset: number, maxBytes: number) => read(state, offset, maxBytes),
  }
}
