/** Right, other structure: a linked list, stamps written byte by byte when a batch is read, frozen prototype object. */

interface Link {
  readonly base: bigint
  readonly last: bigint
  readonly body: string
  next: Link | null
}

class RefusedError extends RangeError {}

export const createLog = (startOffset: number) => {
  let head: Link | null = null
  let tail: Link | null = null
  let next = BigInt(startOffset)
  const start = next

  const withStamp = ({ base, body }: Link): Uint8Array => {
    const bytes = new Uint8Array(Buffer.from(body, 'base64'))
    for (let i = 0; i < 8; i++) bytes[i] = Number((base >> BigInt(56 - 8 * i)) & 0xffn)
    return bytes
  }

  function* from(offset: bigint): Generator<Uint8Array> {
    for (let link = head; link !== null; link = link.next) if (link.last >= offset) yield withStamp(link)
  }

  return Object.freeze({
    get startOffset(): number {
      return startOffset
    },
    get endOffset(): number {
      return Number(next)
    },
    append(batch: Uint8Array, count: number): number {
      if (batch.length < 8) throw new RefusedError('too short')
      if (!Number.isSafeInteger(count) || count <= 0) throw new RefusedError('no records')
      const link: Link = {
        base: next,
        last: next + BigInt(count) - 1n,
        body: Buffer.from(batch).toString('base64'),
        next: null,
      }
      if (tail === null) head = link
      else tail.next = link
      tail = link
      next += BigInt(count)
      return Number(link.base)
    },
    read(offset: number, maxBytes: number): Uint8Array[] {
      const wanted = BigInt(offset)
      if (wanted < start || wanted > next) throw new RefusedError(`${offset} is not in ${start}..${next}`)
      const taken: Uint8Array[] = []
      let left = maxBytes
      for (const bytes of from(wanted)) {
        left -= bytes.length
        if (left < 0 && taken.length > 0) return taken
        taken.push(bytes)
        if (left <= 0) return taken
      }
      return taken
    },
  })
}
