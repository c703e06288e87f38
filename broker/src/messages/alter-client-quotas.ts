/**
 * AlterClientQuotas (API key 49).
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
        entity: array(struct({ entityType: string(), entityName: string({ nullable: true }) })),
        ops: array(
          struct({
            key: string(),
            value: float64(),
            remove: bool(),
          }),
        ),
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
