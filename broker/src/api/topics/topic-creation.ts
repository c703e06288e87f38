/**
 * Creates topics that clients ask for and that do not exist: a name in Metadata, or the topic of a coordinator.
 *
 * The controller creates them. Another broker forwards CreateTopics to it, with the settings of the coordinators' topics,
 * which depend on the broker's own configuration. (DefaultAutoTopicCreationManager)
 *
 * The topics of one call are one request, so if they exceed the limit of partitions per request, none is created
 * (topic-decisions.ts, checkTotal).
 *
 * - a topic whose creation is on its way to the controller is not asked for again, however many clients name it
 */
import type { Outcome } from '../../controller/controller.ts'
import { internalTopic } from '../../controller/internal-topic-settings.ts'
import type { CreateTopicsResponse } from '../../messages/create-topics.ts'
import { isInternalTopic } from '../../topic-names.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { stableVersions } from '../../wire/schema.ts'
import type { CreatesTopics, RequestContext, Services } from '../api.ts'
import { forwardRequest, type Sender } from '../forwarding.ts'
import { CreateTopics } from './create-topics.ts'

type Client = Pick<RequestContext, 'clientId' | 'clientHost'>

const BY_DEFAULT = { numPartitions: -1, replicationFactor: -1, assignments: [], configs: [] }

/** The topics that a broker creates on demand. */
export class TopicCreation implements CreatesTopics {
  /** What the controller was asked for, and has not answered. */
  private readonly onTheirWay = new Set<string>()

  /** `done` gets the outcome of each topic, in their order; NONE also for one that is on its way. */
  create(
    services: Services,
    client: Client,
    names: readonly string[],
    done: (outcomes: readonly Outcome[]) => void,
  ): void {
    if (services.isController()) return createHere(services, names, done)
    const wanted = names.filter((name) => !this.onTheirWay.has(name))
    for (const name of wanted) this.onTheirWay.add(name)
    createThere(services, client, wanted, (outcomes) => {
      for (const name of wanted) this.onTheirWay.delete(name)
      const byName = new Map(wanted.map((name, i) => [name, outcomes[i]!]))
      done(names.map((name) => byName.get(name) ?? ON_ITS_WAY))
    })
  }
}

const ON_ITS_WAY: Outcome = { errorCode: ErrorCode.NONE, message: null }

function createHere(
  { controller }: Services,
  names: readonly string[],
  done: (outcomes: readonly Outcome[]) => void,
): void {
  if (names.length === 0) return done([])
  const outcomes = new Array<Outcome>(names.length)
  let left = names.length
  const one = (at: number, outcome: Outcome): void => {
    outcomes[at] = outcome
    left--
    if (left === 0) done(outcomes)
  }
  const others: number[] = []
  for (const [at, name] of names.entries()) {
    if (isInternalTopic(name)) controller.createInternalTopic(name, (outcome) => one(at, outcome))
    else others.push(at)
  }
  if (others.length === 0) return
  const wanted = others.map((at) => ({ name: names[at]!, ...BY_DEFAULT }))
  controller.createTopics(wanted, {}, (answers) => {
    for (const [i, outcome] of answers.entries()) one(others[i]!, outcome)
  })
}

function createThere(
  services: Services,
  client: Client,
  names: readonly string[],
  done: (outcomes: readonly Outcome[]) => void,
): void {
  if (names.length === 0) return done([])
  const { config, core, turns } = services
  const topics = names.map((name) => ({
    name,
    ...BY_DEFAULT,
    ...(isInternalTopic(name) && internalTopic(name, config, services.metadata().brokers.size)),
  }))
  const sender: Sender = {
    apiVersion: stableVersions(CreateTopics.request).max,
    clientId: client.clientId,
    clientHost: client.clientHost,
    staysInWork: () => {},
    // The client may have its response before.
    inTurns: (steps, then) => {
      const failed = (error: unknown): void => core.log('error', `unexpected: ${String(error)}`)
      turns.run(steps, then, failed, { name: 'topics that are created on demand' })
    },
  }
  const request = { topics, timeoutMs: config.get('request.timeout.ms'), validateOnly: false }
  forwardRequest(services, CreateTopics, request, sender, (response) => {
    const { topics: created = [] } = response as Partial<CreateTopicsResponse>
    const byName = new Map(created.map((each) => [each.name, each]))
    done(
      names.map((name) => {
        const { errorCode = ErrorCode.UNKNOWN_SERVER_ERROR, errorMessage = null } = byName.get(name) ?? {}
        return { errorCode: errorCode as ErrorCode, message: errorMessage }
      }),
    )
  })
}
