/**
 * UpdateFeatures (API key 57).
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
    timeoutMs: int32({ default: 60000 }),
    featureUpdates: array(
      struct({
        feature: string(),
        maxVersionLevel: int16(),
        allowDowngrade: bool({ until: 0 }),
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
