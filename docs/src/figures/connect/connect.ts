/**
 * Why a client that has reached the bootstrap server may fail all the same: it connects to what the metadata say, from where it runs.
 * A fixed set of cases, without a broker: a broker in a container named `kafka`, whose port 9092 is published on a machine
 * with the address 192.168.0.10.
 */

/** Where the client runs: on the machine of the container, in another container of its network, on another machine. */
export const PLACES = ['machine', 'container', 'elsewhere'] as const
export type Place = (typeof PLACES)[number]

/** What is in advertised.listeners; `two`: a listener for containers and one for the machine. */
export const ADVERTISED = ['localhost', 'container', 'address', 'two'] as const
export type Advertised = (typeof ADVERTISED)[number]

export interface Connection {
  bootstrap: string
  /** The address that the metadata give for the broker. */
  told: string
  /** `itself`: the client finds nobody, since it asks its own machine; `unknown`: it can't resolve the name. */
  result: 'works' | 'itself' | 'unknown'
}

const LOCALHOST = 'localhost:9092'
const CONTAINER = 'kafka:9092'
const ADDRESS = '192.168.0.10:9092'
/** The listener for containers, when there are two. */
const INSIDE = 'kafka:29092'

/** What happens to a client at `place` when this is advertised. The bootstrap server is one that it reaches. */
export function connect(place: Place, advertised: Advertised): Connection {
  const told = toldTo(place, advertised)
  return { bootstrap: bootstrapOf(place, advertised), told, result: resultOf(place, told) }
}

function bootstrapOf(place: Place, advertised: Advertised): string {
  if (place === 'machine') return LOCALHOST
  if (place === 'elsewhere') return ADDRESS
  return advertised === 'two' ? INSIDE : CONTAINER
}

/** The address of the listener by which the client came in. */
function toldTo(place: Place, advertised: Advertised): string {
  if (advertised === 'localhost') return LOCALHOST
  if (advertised === 'container') return CONTAINER
  if (advertised === 'address') return ADDRESS
  return place === 'container' ? INSIDE : LOCALHOST
}

function resultOf(place: Place, told: string): Connection['result'] {
  if (told === ADDRESS) return 'works'
  if (told === LOCALHOST) return place === 'machine' ? 'works' : 'itself'
  return place === 'container' ? 'works' : 'unknown'
}
