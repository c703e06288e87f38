/**
 * CreatePartitions (key 37): give these topics more partitions (KIP-195).
 *
 * Keys go to other partitions afterwards, and no record moves. Each topic is decided on its own.
 * (ControllerApis.createPartitions)
 */
import {
  CreatePartitionsRequest,
  CreatePartitionsResponse,
  type CreatePartitionsRequest as Request,
} from '../messages/create-partitions.ts'
import { ErrorCode } from '../wire/errors.ts'
import type { InputOf } from '../wire/schema.ts'
import { api } from './api.ts'
import { collect } from './collect.ts'

type Wanted = Request['topics'][number]
type Result = NonNullable<InputOf<typeof CreatePartitionsResponse>['results']>[number]

export const CreatePartitions = api({
  request: CreatePartitionsRequest,
  response: CreatePartitionsResponse,
  handle: ({ controller }, { topics, validateOnly }, _context, reply) => {
    collect<[string, Wanted[]], Result>(
      [...Map.groupBy(topics, ({ name }) => name)],
      ([name, wanted], done) => {
        if (wanted.length > 1) {
          return done({ name, errorCode: ErrorCode.INVALID_REQUEST, errorMessage: 'Duplicate topic name.' })
        }
        const { count, assignments } = wanted[0]!
        const replicas = assignments?.map(({ brokerIds }) => brokerIds) ?? null
        controller.createPartitions(name, count, replicas, validateOnly, ({ errorCode, message }) => {
          done({ name, errorCode, errorMessage: message })
        })
      },
      (results) => reply({ results }),
    )
  },
})
