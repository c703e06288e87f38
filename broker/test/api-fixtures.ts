/**
 * For tests: calls an API's handler without a connection, with a controller in memory and the services that handlers of
 * administrative APIs need.
 */

import type { Api, RequestContext, Services, Silence } from '../src/api/api.ts'
import { Loggers } from '../src/api/configs/loggers.ts'
import { TopicCreation } from '../src/api/topics/topic-creation.ts'
import { ClientQuotas, quotaWindowsOf } from '../src/quota/client-quotas.ts'
import { isInternalTopic } from '../src/topic-names.ts'
import { Turns } from '../src/turns.ts'
import { Reader } from '../src/wire/reader.ts'
import type { Message } from '../src/wire/schema.ts'
import { Writer } from '../src/wire/writer.ts'
import { type TestController, testController } from './controller-fixtures.ts'

export interface TestApi extends TestController {
  /**
   * Sends a request through both codecs, as a client of `version` would, completes flushes, and returns the response that
   * the client would read.
   */
  call(api: Api, version: number, request: unknown): Record<string, unknown>
}

/** A node with id 1, and the controller behind it. */
export function testApi(options: Parameters<typeof testController>[0] = {}): TestApi {
  const cluster = testController(options)
  const { controller, core, config, settle } = cluster
  const quotas = new ClientQuotas({ clock: core.clock, windows: quotaWindowsOf(config) })
  const turns = new Turns(core)
  const inTurns: RequestContext['inTurns'] = (steps, done) => {
    turns.run(steps, done, (error) => {
      throw error
    })
  }
  const services = {
    core,
    turns,
    nodeId: 1,
    config,
    controller,
    isController: () => true,
    topicCreation: new TopicCreation(),
    quotas,
    loggers: new Loggers(core.log),
    metadata: () => controller.image,
    replicas: {
      isInternal: isInternalTopic,
      errorCodeOf: (error: { code?: number }) => error.code ?? -1,
    },
  } as unknown as Services
  const call = (api: Api, version: number, request: unknown): Record<string, unknown> => {
    quotas.apply(controller.image)
    const usage = { clientId: 'test', requestBytes: 100, threadTimeMs: () => 0 }
    const client = {
      clientId: 'test',
      clientHost: '/127.0.0.1',
      connectionId: 1,
      onDisconnect: () => {},
      staysInWork: () => {},
      inTurns,
    }
    const context = { apiVersion: version, ...client, usage }
    const replies: unknown[] = []
    const decoded = through(api.request, version, request)
    api.handle(services, decoded, context, (response: unknown | Silence) => replies.push(response))
    settle()
    if (replies.length !== 1) throw new Error(`${api.request.name}: ${replies.length} replies`)
    return through(api.response as Message<unknown>, version, replies[0]) as Record<string, unknown>
  }
  return { ...cluster, call }
}

/** A message after encoding and decoding. */
function through(message: Message<unknown>, version: number, value: unknown): unknown {
  const writer = new Writer()
  message.encode(writer, version, value)
  return message.decode(new Reader(writer.toBytes()), version)
}
