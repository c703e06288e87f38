/**
 * The common part of AlterConfigs and IncrementalAlterConfigs: alters the configs of the resources in a request.
 *
 *   request --> this broker: form, levels of its loggers, checks of its own settings
 *           --> the controller: all other resources, as one decision (METADATA-LOG-1) --> results
 *               another broker forwards them as a request of their own (forwarding.ts)
 *
 * (ConfigAdminManager.preprocess and reassemble; ConfigurationControlManager.incrementalAlterConfigs)
 *
 * ALTER-RESOURCES-1  each resource is changed completely or not at all; an error in one does not affect the others
 * ALTER-RESOURCES-2  the records of all resources of a request are one batch; the results are in the request's order
 */
import { checkBrokerChanges, checkIsThisBroker } from '../../controller/decisions/broker-config-decisions.ts'
import {
  type ConfigAlteration,
  type ConfigChange,
  checkForm,
  ResourceType,
  resourceOf,
} from '../../controller/decisions/config-decisions.ts'
import type { Outcome } from '../../controller/decisions/outcome.ts'
import type { Steps } from '../../turns.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import type { Api, RequestContext, Services } from '../api.ts'
import { forwardRequest } from '../forwarding.ts'
import { forEachInTurns, groupInTurns, mapInTurns } from '../in-turns.ts'

/** A resource as both requests name it. */
interface Named {
  readonly resourceType: number
  readonly resourceName: string
}

/** The result for one resource. */
export interface Altered extends Named {
  readonly errorCode: ErrorCode
  readonly errorMessage: string | null
}

interface Alterations<Resource extends Named> {
  readonly resources: readonly Resource[]
  /** The changes of a resource, as the request has them. */
  readonly changesOf: (resource: Resource) => readonly ConfigChange[]
  /** Whether configs that are not named go back to their defaults (AlterConfigs). */
  readonly replaces: boolean
  readonly validateOnly: boolean
  /** Forwards some of the resources to the controller; undefined for a request that was forwarded. */
  readonly forward: ((resources: readonly Resource[], done: (results: Altered[]) => void) => void) | undefined
}

/** Alters the resources; `done` gets the result of each, in their order (ALTER-RESOURCES-2). */
export function alterResources<Resource extends Named>(
  services: Services,
  context: RequestContext,
  request: Alterations<Resource>,
  done: (results: Altered[]) => void,
): void {
  const { controller, turns } = services
  const { resources, validateOnly } = request
  context.inTurns(preprocess(services, request), (preprocessed) => {
    const forController = preprocessed.flatMap((each) => ('errorCode' in each ? [] : each))
    if (forController.length === 0) return done(preprocessed as Altered[])
    const answered = <Answer>(
      answers: readonly Answer[],
      resultOf: (at: number, answer: Answer) => Altered,
    ) => {
      let next = 0
      const results = mapInTurns(turns, preprocessed, (each, at) =>
        'errorCode' in each ? each : resultOf(at, answers[next++]!),
      )
      context.inTurns(results, done)
    }
    if (request.forward && !services.isController()) {
      const rest = resources.filter((_, at) => !('errorCode' in preprocessed[at]!))
      return request.forward(rest, (results) => answered(results, (_, result) => result))
    }
    context.staysInWork()
    controller.alterConfigs(forController, validateOnly, (answers) =>
      answered(answers, (at, answer) => altered(resources[at]!, answer)),
    )
  })
}

/**
 * Forwards a request with the rest of the resources; `done` gets their results, in their order. `api`: AlterConfigs or
 * IncrementalAlterConfigs.
 */
export function forwardRest<Resource extends Named>(
  services: Services,
  api: Api,
  context: RequestContext,
  request: { readonly resources: readonly Resource[]; readonly validateOnly: boolean },
  done: (results: Altered[]) => void,
): void {
  const { resources } = request
  forwardRequest(services, api, request, context, (response) => {
    const { responses = [] } = response as { readonly responses?: readonly Altered[] }
    const byKey = new Map(responses.map((each) => [keyOf(each), each]))
    done(resources.map((resource) => byKey.get(keyOf(resource)) ?? altered(resource, UNKNOWN)))
  })
}

/** What this broker itself does: for each resource its result, or what the controller has to decide. */
function* preprocess<Resource extends Named>(
  services: Services,
  { resources, changesOf, replaces, validateOnly, forward }: Alterations<Resource>,
): Steps<(Altered | ConfigAlteration)[]> {
  const { turns } = services
  const named = yield* groupInTurns(turns, resources, keyOf)
  const preprocessed: (Altered | ConfigAlteration)[] = []
  yield* forEachInTurns(turns, resources, (resource) => {
    const { resourceType: type, resourceName: name } = resource
    if (named.get(keyOf(resource))!.length > 1) preprocessed.push(altered(resource, TWICE))
    else {
      const alteration = { type, name, changes: changesOf(resource), replaces }
      const outcome = alterHere(services, alteration, { validateOnly, isForwarded: !forward })
      preprocessed.push(outcome ? altered(resource, outcome) : alteration)
    }
  })
  return preprocessed
}

function keyOf({ resourceType, resourceName }: Named): string {
  return `${resourceType}:${resourceName}`
}

const TWICE: Outcome = {
  errorCode: ErrorCode.INVALID_REQUEST,
  message: 'Each resource must appear at most once.',
}
/** The controller's response does not have the resource, or there is none. */
const UNKNOWN: Outcome = { errorCode: ErrorCode.UNKNOWN_SERVER_ERROR, message: null }
const ALTERED: Outcome = { errorCode: ErrorCode.NONE, message: null }

/** For its internal errors, Kafka returns no details. */
function altered({ resourceType, resourceName }: Named, { errorCode, message }: Outcome): Altered {
  const errorMessage = errorCode === ErrorCode.UNKNOWN_SERVER_ERROR ? null : message
  return { resourceType, resourceName, errorCode, errorMessage }
}

/** The outcome of a resource that the controller needs not see: a logger, or invalid changes; undefined otherwise. */
function alterHere(
  services: Services,
  alteration: ConfigAlteration,
  { validateOnly, isForwarded }: { readonly validateOnly: boolean; readonly isForwarded: boolean },
): Outcome | undefined {
  const { type, name, changes, replaces } = alteration
  try {
    checkForm(changes)
    // The broker that has forwarded the request has done the rest.
    if (isForwarded) return undefined
    if (type === ResourceType.BROKER_LOGGER && !replaces) {
      checkIsThisBroker(services.nodeId, name, 'Unexpected node id. Expected')
      services.loggers.change(changes, validateOnly)
      return ALTERED
    }
    if (type === ResourceType.BROKER) checkOwnSettings(services, alteration)
    return undefined
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    return { errorCode: error.code, message: error.message }
  }
}

/** A broker's configs are validated by that broker. */
function checkOwnSettings(
  { config, nodeId, metadata }: Services,
  { name, changes, replaces }: ConfigAlteration,
): void {
  if (name !== '') checkIsThisBroker(nodeId, name)
  const own = metadata().configs.get(resourceOf(ResourceType.BROKER, name)) ?? new Map()
  checkBrokerChanges(config, name, replaces ? new Map() : own, changes)
}
