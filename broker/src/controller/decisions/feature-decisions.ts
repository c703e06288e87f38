/**
 * Decisions about features: may this feature change to that level? (FeatureControlManager.updateFeatures)
 *
 *   level 0      the feature is off; clients do not see it
 *   upgrade      to a level that this software supports
 *   downgrade    only if the request explicitly asks for a downgrade (KIP-778)
 *
 * FEATURE-DECISIONS-1  all features of a request change, or none
 */
import type { MetadataRecordInput } from '../../messages/records/metadata-frame.ts'
import { KRAFT_FEATURE, KRAFT_VERSION } from '../../quorum/voters/quorum-voters.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import { METADATA_VERSION, SUPPORTED_FEATURES } from '../features.ts'
import type { MetadataImage } from '../metadata/metadata-image.ts'

export interface FeatureUpdate {
  readonly name: string
  readonly level: number
  /** The upgrade type of the request; unknown types are refused. */
  readonly kind: number
}

export const UPGRADE = 1
export const SAFE_DOWNGRADE = 2
const UNSAFE_DOWNGRADE = 3

/** The records of the updates; none for a feature that is at its level already. Throws KafkaError. */
export function decideFeatures(
  image: MetadataImage,
  updates: readonly FeatureUpdate[],
): MetadataRecordInput[] {
  return updates.flatMap((update) => {
    const error = updateError(image, update)
    if (error) {
      const message = `The update failed for all features since the following feature had an error: ${error}`
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

function updateError(image: MetadataImage, update: FeatureUpdate): string | undefined {
  const { name, level } = update
  const error = kindError(update) ?? levelError(image, update) ?? directionError(image, update)
  if (error) return `Invalid update version ${level} for feature ${name}. ${error}`
  return name === METADATA_VERSION.name ? metadataVersionError(levelOf(image, name), update) : undefined
}

function kindError({ kind }: FeatureUpdate): string | undefined {
  const isKnown = [UPGRADE, SAFE_DOWNGRADE, UNSAFE_DOWNGRADE].includes(kind)
  return isKnown ? undefined : 'The controller does not support the given upgrade type.'
}

function isSupported({ name, level }: FeatureUpdate): boolean {
  const supported = SUPPORTED_FEATURES.find((each) => each.name === name)
  return supported !== undefined && level >= supported.minVersion && level <= supported.maxVersion
}

function levelError({ controllerId }: MetadataImage, update: FeatureUpdate): string | undefined {
  if (update.level < 0) return 'A feature version cannot be less than 0.'
  const supported = SUPPORTED_FEATURES.find((each) => each.name === update.name)
  if (!supported) return `Local controller ${controllerId} does not support this feature.`
  if (isSupported(update)) return undefined
  const { minVersion, maxVersion } = supported
  return `Local controller ${controllerId} only supports versions ${minVersion}-${maxVersion}`
}

function directionError(image: MetadataImage, { name, level, kind }: FeatureUpdate): string | undefined {
  const now = levelOf(image, name)
  if (level < now && kind === UPGRADE)
    return "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade."
  if (level > now && kind !== UPGRADE) return "Can't downgrade to a newer version."
  // The Voters records stay in the log, so kraft.version cannot be lowered.
  if (level < now && name === KRAFT_FEATURE) return "Can't downgrade the version of this feature."
  return undefined
}

/** The records of this log have the layout of the newest version, so metadata.version cannot be lowered. */
function metadataVersionError(now: number, { level, kind }: FeatureUpdate): string | undefined {
  if (level >= now) return undefined
  const why =
    kind === UNSAFE_DOWNGRADE
      ? 'Unsafe metadata downgrade is not supported in this version.'
      : 'Refusing to perform the requested downgrade because it might delete metadata information.'
  return `Unsupported metadata.version downgrade from ${now} to ${level}. ${why}`
}
