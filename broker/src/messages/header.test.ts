import { expect, test } from 'vitest'
import { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import { RequestHeader } from './header.ts'

test('HEADER-1: what precedes the body is the same in both versions, but for the tagged fields behind it', () => {
  const value = { requestApiKey: 18, requestApiVersion: 9, correlationId: 7, clientId: 'me' }
  const [one, two] = [1, 2].map((version) => {
    const writer = new Writer()
    RequestHeader.encode(writer, version, value)
    return writer.toBytes()
  })
  expect([...two!]).toEqual([...one!, 0])
  expect(RequestHeader.decode(new Reader(two!), 1)).toEqual(value)
})
