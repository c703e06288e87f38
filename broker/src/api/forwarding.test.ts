import { describe, expect, test } from 'vitest'
import { type TestApi, testApi } from '../../test/api-fixtures.ts'
import type { Rpc, RpcResult } from '../channel/rpc.ts'
import type { EnvelopeRequest } from '../messages/envelope.ts'
import { RequestHeader, ResponseHeader } from '../messages/header.ts'
import { finish } from '../turns.ts'
import { ErrorCode } from '../wire/errors.ts'
import { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import type { Services } from './api.ts'
import { Envelope } from './cluster/envelope.ts'
import { addressBytes, clientHostOf, forward } from './forwarding.ts'
import { CreateTopics } from './topics/create-topics.ts'

const TOPIC = { name: 'a', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }
const REQUEST = { topics: [TOPIC, { ...TOPIC, name: 'b' }], timeoutMs: 1000, validateOnly: false }

/** Forwards CreateTopics 7; the test answers in place of the controller. */
function forwarded() {
  let sent: { body: EnvelopeRequest; answer: (result: unknown) => void } | undefined
  const log: string[] = []
  const services = {
    core: { log: (level: string, message: string) => void log.push(`${level} ${message}`) },
    turns: { isOver: false },
    toController: {
      send: (rpc: Rpc<unknown, unknown>, body: (version: number) => unknown, done: (r: unknown) => void) => {
        expect(rpc.request.name).toBe('EnvelopeRequest')
        sent = { body: body(0) as EnvelopeRequest, answer: done }
      },
    },
  } as unknown as Services
  const sender = {
    apiVersion: 7,
    clientId: 'admin',
    clientHost: '/10.1.2.3',
    staysInWork: () => {},
    inTurns: <Result>(steps: Generator<undefined, Result>, done: (result: Result) => void) =>
      done(finish(steps)),
  }
  const replies: [unknown, number | undefined][] = []
  forward(services, CreateTopics, REQUEST, sender as never, (response, throttleMs) =>
    replies.push([response, throttleMs]),
  )
  return { sent: sent!, replies, log }
}

/** The bytes of a response to CreateTopics 7. */
function responseBytes(response: object): Uint8Array {
  const writer = new Writer()
  ResponseHeader.encode(writer, 1, { correlationId: 0 })
  CreateTopics.response.encode(writer, 7, response)
  return writer.toBytes()
}

describe('a request on its way to the controller', () => {
  test('is in the envelope as the client has sent it, with its principal and address', () => {
    const { requestData, requestPrincipal, clientHostAddress } = forwarded().sent.body
    const reader = new Reader(requestData)
    expect(RequestHeader.decode(reader, 2)).toEqual({
      requestApiKey: 19,
      requestApiVersion: 7,
      correlationId: 0,
      clientId: 'admin',
    })
    expect(CreateTopics.request.decode(reader, 7)).toEqual(REQUEST)
    expect([...clientHostAddress]).toEqual([10, 1, 2, 3])
    expect(new TextDecoder().decode(requestPrincipal!)).toBe('\0\0\x05User\x0aANONYMOUS\0\0')
  })

  test('FORWARDING-3: the response comes back, with the throttle time for the client', () => {
    const { sent, replies } = forwarded()
    const responseData = responseBytes({ throttleTimeMs: 250, topics: [{ name: 'a', errorCode: 36 }] })
    sent.answer({ ok: true, response: { errorCode: 0, responseData }, version: 0 })
    expect(replies).toMatchObject([[{ throttleTimeMs: 250, topics: [{ name: 'a', errorCode: 36 }] }, 250]])
  })

  const failures: Record<string, [RpcResult<object>, ErrorCode]> = {
    'no answer in time': [{ ok: false, failure: 'timed out', reason: 'r' }, ErrorCode.REQUEST_TIMED_OUT],
    'a controller that knows no envelopes': [
      { ok: false, failure: 'unsupported version', reason: 'r' },
      ErrorCode.UNKNOWN_SERVER_ERROR,
    ],
    'an error of the envelope': [
      { ok: true, response: { errorCode: 42, responseData: null }, version: 0 },
      ErrorCode.UNKNOWN_SERVER_ERROR,
    ],
    'an empty envelope': [
      { ok: true, response: { errorCode: 0, responseData: null }, version: 0 },
      ErrorCode.UNKNOWN_SERVER_ERROR,
    ],
  }
  for (const [what, [result, errorCode]] of Object.entries(failures))
    test(`FORWARDING-1: ${what} becomes an error of every topic`, () => {
      const { sent, replies } = forwarded()
      sent.answer(result)
      const topics = ['a', 'b'].map((name) => ({ name, errorCode }))
      expect(replies).toMatchObject([[{ topics }, 0]])
    })

  test('FORWARDING-2: if the controller does not know the version, the connection is closed', () => {
    const { sent, replies } = forwarded()
    const response = { errorCode: ErrorCode.UNSUPPORTED_VERSION, responseData: null }
    sent.answer({ ok: true, response, version: 0 })
    expect(replies).toEqual([['close the connection', 0]])
  })
})

describe('addresses', () => {
  const cases: [string, number][] = [
    ['/127.0.0.1', 4],
    ['/192.168.3.250', 4],
    ['/0:0:0:0:0:0:0:1', 16],
    ['/2001:db8:0:0:0:0:ff00:42', 16],
  ]
  for (const [host, length] of cases)
    test(`${host} as bytes and back`, () => {
      const bytes = addressBytes(host)
      expect(bytes.length).toBe(length)
      expect(clientHostOf(bytes)).toBe(host)
    })

  test('in short forms, and what is none', () => {
    expect(clientHostOf(addressBytes('/::1'))).toBe('/0:0:0:0:0:0:0:1')
    expect(clientHostOf(addressBytes('/::ffff:1.2.3.4'))).toBe('/1.2.3.4')
    expect(clientHostOf(addressBytes('/page'))).toBe('/127.0.0.1')
    expect(clientHostOf(new Uint8Array(5))).toBeUndefined()
  })
})

describe('an envelope at the controller', () => {
  const requestOf = (apiKey: number, version: number, body: Uint8Array = new Uint8Array()): Uint8Array => {
    const writer = new Writer()
    const header = { requestApiKey: apiKey, requestApiVersion: version, correlationId: 77, clientId: 'c' }
    RequestHeader.encode(writer, 2, header)
    return Uint8Array.of(...writer.toBytes(), ...body)
  }
  const body = (request: object): Uint8Array => {
    const writer = new Writer()
    CreateTopics.request.encode(writer, 7, request)
    return writer.toBytes()
  }
  const open = (stage: TestApi, requestData: Uint8Array, clientHostAddress = addressBytes('/1.2.3.4')) =>
    stage.call(Envelope, 0, { requestData, requestPrincipal: null, clientHostAddress })

  test('is opened and its request answered, with the correlation id that it has', () => {
    const stage = testApi()
    const { errorCode, responseData } = open(stage, requestOf(19, 7, body(REQUEST)))
    expect(errorCode).toBe(0)
    const reader = new Reader(responseData as Uint8Array)
    expect(ResponseHeader.decode(reader, 1)).toEqual({ correlationId: 77 })
    expect(CreateTopics.response.decode(reader, 7)).toMatchObject({
      topics: [
        { name: 'a', errorCode: 0 },
        { name: 'b', errorCode: 0 },
      ],
    })
    expect([...stage.controller.image.topics.keys()]).toEqual(['a', 'b'])
  })

  const refused: Record<string, [Uint8Array, ErrorCode]> = {
    'an API that is not for the controller': [requestOf(3, 9), ErrorCode.INVALID_REQUEST],
    'an unknown API': [requestOf(999, 0), ErrorCode.INVALID_REQUEST],
    'an unknown version': [requestOf(19, 99), ErrorCode.UNSUPPORTED_VERSION],
    'a body that ends too early': [requestOf(19, 7), ErrorCode.UNSUPPORTED_VERSION],
    'nothing at all': [new Uint8Array(), ErrorCode.UNSUPPORTED_VERSION],
  }
  for (const [what, [bytes, errorCode]] of Object.entries(refused))
    test(`with ${what} is refused`, () => {
      expect(open(testApi(), bytes)).toEqual({ errorCode, responseData: null })
    })

  test('with an address that is none is refused', () => {
    const answer = open(testApi(), requestOf(19, 7, body(REQUEST)), Uint8Array.of(1, 2, 3))
    expect(answer).toEqual({ errorCode: ErrorCode.INVALID_REQUEST, responseData: null })
  })
})
