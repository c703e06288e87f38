/**
 * AlterClientQuotas (key 49): set or remove limits.
 *
 * From admin clients, passed on to the controller. Keys are producer_byte_rate, consumer_byte_rate,
 * request_percentage, controller_mutation_rate and connection_creation_rate. (KIP-546)
 *
 *   1  flexible
 */
import {
  array,
  bool,
  float64,
  int16,
  int32,
  request,
  response,
  string,
  struct,
  type TypeOf,
} from '../wire/schema.ts'

export const AlterClientQuotasRequest = request(
  49,
  'AlterClientQuotasRequest',
  { versions: '0-1', flexible: '1+' },
  {
    entries: array(
      struct({
        entity: array(
          struct({
            entityType: string(),
            /** Null: the default of this type. */
            entityName: string({ nullable: true }),
          }),
        ),
        ops: array(struct({ key: string(), value: float64(), remove: bool() })),
      }),
    ),
    validateOnly: bool(),
  },
)
export type AlterClientQuotasRequest = TypeOf<typeof AlterClientQuotasRequest>

export const AlterClientQuotasResponse = response(
  49,
  'AlterClientQuotasResponse',
  { versions: '0-1', flexible: '1+' },
  {
    throttleTimeMs: int32(),
    entries: array(
      struct({
        errorCode: int16(),
        errorMessage: string({ nullable: true }),
        entity: array(struct({ entityType: string(), entityName: string({ nullable: true }) })),
      }),
    ),
  },
)
export type AlterClientQuotasResponse = TypeOf<typeof AlterClientQuotasResponse>
