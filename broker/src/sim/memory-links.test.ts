import { describe, expect, test } from 'vitest'
import type { Transport } from '../broker/connection.ts'
import type { LinkEvents } from '../core.ts'
import { MemoryLinks } from './memory-links.ts'

/** Two ends; `settle` runs what comes later. */
function stage() {
  const later: (() => void)[] = []
  const links = new MemoryLinks((event) => void later.push(event))
  const story: string[] = []
  let transport: Transport | undefined
  const stop = links.listen('far', 1, (given) => {
    transport = given
    return {
      receive: (bytes) => void story.push(`far got ${[...bytes]}`),
      closed: () => void story.push('far closed'),
    }
  })
  const events: LinkEvents = {
    connected: () => void story.push('connected'),
    received: (bytes) => void story.push(`got ${[...bytes]}`),
    closed: (reason) => void story.push(reason),
  }
  const settle = (): string[] => {
    for (let next = later.shift(); next; next = later.shift()) next()
    return story.splice(0)
  }
  return { links, events, settle, story, stop, transport: () => transport! }
}

describe('MEMORY-LINKS-1: bytes', () => {
  test('arrive in order at both ends, in calls of their own, and are copied', () => {
    const { links, events, settle, story, transport } = stage()
    const link = links.dial('far', 1, events)
    expect(story).toEqual([])
    expect(settle()).toEqual(['connected'])
    const bytes = Uint8Array.of(1, 2)
    link.send(bytes)
    bytes.fill(9)
    link.send(bytes)
    transport().send([Uint8Array.of(3), Uint8Array.of(4)])
    expect(story).toEqual([])
    expect(settle()).toEqual(['far got 1,2', 'far got 9,9', 'got 3', 'got 4'])
  })

  test('that were sent before the far end closes arrive, and none afterwards', () => {
    const { links, events, settle, transport } = stage()
    const link = links.dial('far', 1, events)
    settle()
    transport().send([Uint8Array.of(3)])
    transport().close()
    expect(settle()).toEqual(['got 3', 'closed by the other node'])
    transport().send([Uint8Array.of(4)])
    link.send(Uint8Array.of(5))
    expect(settle()).toEqual([])
  })

  test('after the near end has closed it hears nothing, and the far end is told', () => {
    const { links, events, settle, transport } = stage()
    const link = links.dial('far', 1, events)
    settle()
    link.send(Uint8Array.of(1))
    transport().send([Uint8Array.of(2)])
    link.close()
    link.close()
    link.send(Uint8Array.of(3))
    expect(settle()).toEqual(['far got 1', 'far closed'])
  })
})

test('MEMORY-LINKS-2: without a listener a connection is refused; closed before that, nothing happens', () => {
  const { links, events, settle, stop } = stage()
  links.dial('far', 2, events)
  expect(settle()).toEqual(['far:2 refuses connections'])
  stop()
  links.dial('far', 1, events)
  expect(settle()).toEqual(['far:1 refuses connections'])
  links.dial('far', 1, events).close()
  expect(settle()).toEqual([])
})
