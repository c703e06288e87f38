/**
 * UpdateFeatures (key 57): raise or lower what the whole cluster may use.
 *
 * From admin clients, passed on to the controller. A feature (metadata.version, transaction.version, …) has a
 * finalized level that every broker must support; to raise it is the second half of an upgrade. (KIP-584)
 *
 *   1  only say what would happen; kinds of downgrade (KIP-778)
 *   2  no longer a result for each feature: all change or none (KIP-1022)
 */
import {
  array,
  bool,
  int8,
  int16,
  int32,
  request,
  response,
  string,
  struct,
  type TypeOf,
} from '../wire/schema.ts'

export const UpdateFeaturesRequest = request(
  57,
  'UpdateFeaturesRequest',
  { versions: '0-2', flexible: '0+' },
  {
    timeoutMs: int32({ default: 60_000 }),
    featureUpdates: array(
      struct({
        feature: string(),
        maxVersionLevel: int16(),
        allowDowngrade: bool({ until: 0 }),
        /** 1 upgrade, 2 safe downgrade, 3 downgrade that loses metadata. */
        upgradeType: int8({ since: 1, default: 1 }),
      }),
    ),
    validateOnly: bool({ since: 1 }),
  },
)
export type UpdateFeaturesRequest = TypeOf<typeof UpdateFeaturesRequest>

export const UpdateFeaturesResponse = response(
  57,
  'UpdateFeaturesResponse',
  { versions: '0-2', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    results: array(
      struct({
        feature: string(),
        errorCode: int16(),
        errorMessage: string({ nullable: true }),
      }),
      { until: 1 },
    ),
  },
)
export type UpdateFeaturesResponse = TypeOf<typeof UpdateFeaturesResponse>
