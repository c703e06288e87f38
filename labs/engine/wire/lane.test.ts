import net from 'node:net'
import { MetadataRequest, MetadataResponse } from 'offset-zero-broker/src/messages/metadata.ts'
import { describe, expect, it } from 'vitest'
import { Lane } from './lane.ts'
import { RawConnection } from './raw.ts'

describe('what passes in order', () => {
  it('LANE-1: a step begins when all before it have ended, at once where none waits, also after one that fails', async () => {
    const lane = new Lane()
    const done: string[] = []
    let go: () => void = () => {}
    lane.push(() => void done.push('a'))
    expect(done).toEqual(['a'])
    lane.push(async () => {
      await new Promise<void>((resolve) => {
        go = resolve
      })
      done.push('b')
      throw new Error('b failed')
    })
    lane.push(() => void done.push('c'))
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(done).toEqual(['a'])
    go()
    await expect.poll(() => done).toEqual(['a', 'b', 'c'])
  })

  it('RAW-1: a connection that closes rejects what waits for an answer', async () => {
    const server = net.createServer((socket) => void socket.once('data', () => socket.destroy()))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const connection = new RawConnection('127.0.0.1', (server.address() as net.AddressInfo).port)
    const asked = connection.ask(MetadataRequest, MetadataResponse, 7, { topics: null })
    await expect(asked).rejects.toThrow()
    await expect(connection.ask(MetadataRequest, MetadataResponse, 7, { topics: null })).rejects.toThrow(
      'closed',
    )
    server.close()
  })
})
