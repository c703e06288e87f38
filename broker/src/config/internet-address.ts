/**
 * IP addresses in quotas, normalized: one text per address, however it was written. (KIP-612)
 *
 *   127.0.0.1   127.1   2130706433   localhost   ::ffff:127.0.0.1      all the same address
 *   ::1   [::1]   0:0:0:0:0:0:0:1                                      all the same, but another one
 *
 * Kafka resolves any other text with the resolver of the system (java.net.InetAddress.getByName), and refuses a name that
 * does not resolve. The core cannot wait for a resolver, so the only name it knows is `localhost`; others are refused.
 */

const IPV4_BITS = 32
const IPV4_LENGTH_MAX = 15
const IPV6_GROUPS = 8
const LOOPBACK = '127.0.0.1'

/** Normalizes an address to 1.2.3.4 or to eight groups of hexadecimal digits; undefined if it is no address. */
export function addressOf(text: string): string | undefined {
  if (text.toLowerCase() === 'localhost') return LOOPBACK
  const inBrackets = /^\[(.*:.*)\]$/.exec(text)?.[1]
  return ipv4Of(text) ?? ipv6Of(inBrackets ?? text)
}

/** Parses up to four numbers; the last one fills the rest of the 32 bits: 127.1 is 127.0.0.1. */
function ipv4Of(text: string): string | undefined {
  const parts = text.split('.')
  if (text.length > IPV4_LENGTH_MAX || parts.length > 4 || !parts.every((part) => /^\d+$/.test(part)))
    return undefined
  const numbers = parts.map(Number)
  const last = numbers.pop()!
  if (numbers.some((each) => each > 255) || last >= 2 ** (IPV4_BITS - 8 * numbers.length)) return undefined
  const rest = [24, 16, 8, 0].slice(numbers.length).map((shift) => Math.floor(last / 2 ** shift) % 256)
  return [...numbers, ...rest].join('.')
}

/** Parses eight groups; `::` replaces a run of zeros, the last two may be IPv4. A scope (%1) must be a number. */
function ipv6Of(text: string): string | undefined {
  const [, address, scope = ''] = /^([^%]*)(%\d+)?$/.exec(text) ?? []
  const halves = address?.split('::')
  if (!address?.includes(':') || !halves || halves.length > 2) return undefined
  const [head, tail] = halves.map(groupsOf)
  if (!head || (halves.length === 2 && !tail)) return undefined
  const given = head.length + (tail?.length ?? 0)
  if (tail ? given >= IPV6_GROUPS : given !== IPV6_GROUPS) return undefined
  const groups = [...head, ...Array<number>(IPV6_GROUPS - given).fill(0), ...(tail ?? [])]
  return mappedIpv4(groups) ?? groups.map((group) => group.toString(16)).join(':') + scope
}

/** Parses groups separated by colons; undefined if one of them is invalid. */
function groupsOf(text: string): number[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const groups: number[] = []
  for (const [at, part] of parts.entries()) {
    const inside = at === parts.length - 1 && part.split('.').length === 4 ? ipv4Of(part) : undefined
    if (inside) {
      const [a, b, c, d] = inside.split('.').map(Number)
      groups.push(a! * 256 + b!, c! * 256 + d!)
    } else if (/^[\da-f]+$/i.test(part) && Number.parseInt(part, 16) <= 0xffff) {
      groups.push(Number.parseInt(part, 16))
    } else return undefined
  }
  return groups
}

/** ::ffff:1.2.3.4 is 1.2.3.4. */
function mappedIpv4(groups: readonly number[]): string | undefined {
  const [high, low] = groups.slice(6)
  if (groups.slice(0, 5).some((group) => group !== 0) || groups[5] !== 0xffff) return undefined
  return [high! >> 8, high! & 255, low! >> 8, low! & 255].join('.')
}
