/**
 * UpdateFeatures (key 57): raises or lowers feature levels of the whole cluster (KIP-584).
 *
 *   v1 validate only, upgrade types (KIP-778)   v2 one result for all: all change or none (KIP-1022)
 */
import { SAFE_DOWNGRADE, UPGRADE } from '../../controller/decisions/feature-decisions.ts'
import { UpdateFeaturesRequest, UpdateFeaturesResponse } from '../../messages/update-features.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'

export const UpdateFeatures = api({
  request: UpdateFeaturesRequest,
  response: UpdateFeaturesResponse,
  forwards: true,
  handle: ({ controller }, { featureUpdates, validateOnly }, { apiVersion }, reply) => {
    const updates = featureUpdates.map(({ feature, maxVersionLevel, allowDowngrade, upgradeType }) => ({
      name: feature,
      level: maxVersionLevel,
      // Since v1 the client gives the upgrade type; before, only a flag that allows downgrades.
      kind: apiVersion > 0 ? upgradeType : allowDowngrade ? SAFE_DOWNGRADE : UPGRADE,
    }))
    controller.updateFeatures(updates, validateOnly, ({ errorCode, message }) => {
      const done = errorCode === ErrorCode.NONE
      const results = updates.map(({ name }) => ({ feature: name, errorCode, errorMessage: 'NONE' }))
      reply({ errorCode, errorMessage: message, results: done ? results : [] })
    })
  },
})
