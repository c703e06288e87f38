/**
 * Decisions about features: may this one go to that level? (FeatureControlManager.updateFeatures)
 *
 *   level 0        the feature is off; its record is kept out of what clients are told
 *   up             to a level that this software knows
 *   down           only when the client says that it means it (KIP-778)
 *
 * FEATURE-DECISIONS-1  all of a request's features change, or none
 */
import type { MetadataRecordInput } from '../../messages/records/metadata-frame.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import { METADATA_VERSION, SUPPORTED_FEATURES } from '../features.ts'
import type { MetadataImage } from '../metadata/metadata-image.ts'
import { KRAFT_FEATURE, KRAFT_VERSION } from '../quorum/quorum-voters.ts'

export interface FeatureUpdate {
  readonly name: string
  readonly level: number
  /** Which kind of change the client means; what is none of these is refused. */
  readonly kind: number
}

export const UPGRADE = 1
export const SAFE_DOWNGRADE = 2
const UNSAFE_DOWNGRADE = 3

/** The records that make the updates; none for a feature that is at its level already. Throws KafkaError. */
export function decideFeatures(
  image: MetadataImage,
  updates: readonly FeatureUpdate[],
): MetadataRecordInput[] {
  return updates.flatMap((update) => {
    const why = refusal(image, update)
    if (why) {
      const message = `The update failed for all features since the following feature had an error: ${why}`
      throw new KafkaError(ErrorCode.INVALID_UPDATE_VERSION, message)
    }
    if (levelOf(image, update.name) === update.level) return []
    return [
      { name: 'FeatureLevelRecord', version: 0, value: { name: update.name, featureLevel: update.level } },
    ]
  })
}

function levelOf(image: MetadataImage, name: string): number {
  return name === KRAFT_FEATURE ? KRAFT_VERSION : (image.features.get(name) ?? 0)
}

function refusal(image: MetadataImage, update: FeatureUpdate): string | undefined {
  const { name, level } = update
  const why = kindRefusal(update) ?? levelRefusal(image, update) ?? directionRefusal(image, update)
  if (why) return `Invalid update version ${level} for feature ${name}. ${why}`
  return name === METADATA_VERSION.name ? metadataRefusal(levelOf(image, name), update) : undefined
}

function kindRefusal({ kind }: FeatureUpdate): string | undefined {
  const isKnown = [UPGRADE, SAFE_DOWNGRADE, UNSAFE_DOWNGRADE].includes(kind)
  return isKnown ? undefined : 'The controller does not support the given upgrade type.'
}

function isSupported({ name, level }: FeatureUpdate): boolean {
  const supported = SUPPORTED_FEATURES.find((each) => each.name === name)
  return supported !== undefined && level >= supported.minVersion && level <= supported.maxVersion
}

function levelRefusal({ controllerId }: MetadataImage, update: FeatureUpdate): string | undefined {
  if (update.level < 0) return 'A feature version cannot be less than 0.'
  const supported = SUPPORTED_FEATURES.find((each) => each.name === update.name)
  if (!supported) return `Local controller ${controllerId} does not support this feature.`
  if (isSupported(update)) return undefined
  const { minVersion, maxVersion } = supported
  return `Local controller ${controllerId} only supports versions ${minVersion}-${maxVersion}`
}

function directionRefusal(image: MetadataImage, { name, level, kind }: FeatureUpdate): string | undefined {
  const now = levelOf(image, name)
  if (level < now && kind === UPGRADE)
    return "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade."
  if (level > now && kind !== UPGRADE) return "Can't downgrade to a newer version."
  // The voters that it speaks of are in the log, and stay there.
  if (level < now && name === KRAFT_FEATURE) return "Can't downgrade the version of this feature."
  return undefined
}

/** The records of this log are written in the newest version's layout, and stay so. */
function metadataRefusal(now: number, { level, kind }: FeatureUpdate): string | undefined {
  if (level >= now) return undefined
  const why =
    kind === UNSAFE_DOWNGRADE
      ? 'Unsafe metadata downgrade is not supported in this version.'
      : 'Refusing to perform the requested downgrade because it might delete metadata information.'
  return `Unsupported metadata.version downgrade from ${now} to ${level}. ${why}`
}
