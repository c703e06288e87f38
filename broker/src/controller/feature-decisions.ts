/**
 * Decisions about features: may this one go to that level? (FeatureControlManager.updateFeatures)
 *
 *   level 0        the feature is off; its record is kept out of what clients are told
 *   up             to a level that this software knows
 *   down           only when the client says that it means it (KIP-778)
 *
 * F1  all of a request's features change, or none
 */
import type { MetadataRecordInput } from '../messages/records/metadata-frame.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import { SUPPORTED_FEATURES } from './features.ts'
import type { MetadataImage } from './metadata-image.ts'

export interface FeatureUpdate {
  readonly name: string
  readonly level: number
  readonly mayDowngrade: boolean
}

/** The records that make the updates; none for a feature that is at its level already. Throws KafkaError. */
export function decideFeatures(
  image: MetadataImage,
  updates: readonly FeatureUpdate[],
): MetadataRecordInput[] {
  return updates.flatMap((update) => {
    const why = refusal(image, update)
    if (why) {
      const { name, level } = update
      const message = `The update failed for all features since the following feature had an error: Invalid update version ${level} for feature ${name}. ${why}`
      throw new KafkaError(ErrorCode.INVALID_UPDATE_VERSION, message)
    }
    if (levelOf(image, update.name) === update.level) return []
    return [
      { name: 'FeatureLevelRecord', version: 0, value: { name: update.name, featureLevel: update.level } },
    ]
  })
}

function levelOf(image: MetadataImage, name: string): number {
  return image.features.get(name) ?? 0
}

function refusal(image: MetadataImage, { name, level, mayDowngrade }: FeatureUpdate): string | undefined {
  const supported = SUPPORTED_FEATURES.find((each) => each.name === name)
  if (!supported) return `Local controller ${image.controllerId} does not support this feature.`
  const { minVersion, maxVersion } = supported
  if (level < minVersion || level > maxVersion) {
    return `Local controller ${image.controllerId} only supports versions ${minVersion}-${maxVersion}`
  }
  const down = level < levelOf(image, name)
  if (down && !mayDowngrade) {
    return "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade."
  }
  // The records of this log are written in the newest version's layout.
  if (down && name === 'metadata.version') return 'Unsupported metadata.version downgrade'
  return undefined
}
