import { expect, test } from 'vitest'
import type { Connection, Transport } from '../broker/connection.ts'
import { Network } from './network.ts'
import { SeededRandom } from './seeded-random.ts'
import { VirtualTime } from './virtual-time.ts'

/** A client, and a broker that records what it receives. */
function connected(seed: number) {
  const time = new VirtualTime()
  const network = new Network(time, new SeededRandom(seed), () => {})
  const got: number[] = []
  let transport: Transport | undefined
  const socket = network.connect((given) => {
    transport = given
    return { receive: (bytes: Uint8Array) => got.push(...bytes), closed: () => {} } as unknown as Connection
  })
  return { time, socket, got, transport: transport! }
}

test('SIM-NETWORK-1: bytes arrive in the order in which they were sent, however they are cut and delayed', () => {
  for (let seed = 0; seed < 50; seed++) {
    const { time, socket, got, transport } = connected(seed)
    const back: number[] = []
    socket.onData = (bytes) => back.push(...bytes)
    for (let i = 0; i < 60; i += 3) {
      socket.send(Uint8Array.of(i, i + 1, i + 2))
      transport.send([Uint8Array.of(i, i + 1, i + 2)])
      if (i % 4 === 0) time.run(1)
    }
    time.run(1000)
    const all = Array.from({ length: 60 }, (_, i) => i)
    expect(got).toEqual(all)
    expect(back).toEqual(all)
  }
})

test('SIM-NETWORK-2: bytes in flight when an end closes do not arrive', () => {
  const { time, socket, got, transport } = connected(1)
  const back: number[] = []
  socket.onData = (bytes) => back.push(...bytes)
  socket.send(Uint8Array.of(1))
  transport.send([Uint8Array.of(2)])
  socket.close()
  socket.send(Uint8Array.of(3))
  time.run(1000)
  expect([got, back]).toEqual([[], []])
})

test('SIM-NETWORK-3: a node reaches another one at its address; the link breaks, and a new one can be made', () => {
  const time = new VirtualTime()
  const network = new Network(time, new SeededRandom(3), () => {})
  const story: string[] = []
  const events = {
    connected: () => void story.push('connected'),
    received: (bytes: Uint8Array) => void story.push(`got ${[...bytes]}`),
    closed: (reason: string) => void story.push(reason),
  }
  network.dial('far', 1, events)
  time.run(100)
  expect(story.splice(0)).toEqual(['far:1 refuses connections'])
  network.listen('far', 1, (transport) => {
    const receive = (bytes: Uint8Array): void => void transport.send([bytes])
    return { receive, closed: () => void story.push('far end closed') } as unknown as Connection
  })
  const link = network.dial('far', 1, events)
  time.run(100)
  link.send(Uint8Array.of(7))
  time.run(100)
  expect(story.splice(0)).toEqual(['connected', 'got 7'])
  network.breakLinks()
  time.run(100)
  expect(story.splice(0)).toEqual(['the link is broken', 'far end closed'])
  const again = network.dial('far', 1, events)
  time.run(100)
  again.close()
  time.run(100)
  expect(story.splice(0)).toEqual(['connected', 'far end closed'])
  network.dial('far', 1, events)
  network.cutAll()
  time.run(100)
  expect(story).toEqual([])
})
