/**
 * The topics of the newest metadata, as far as groups need to know: when a topic was added, and which ones are gone.
 *
 * - a topic that was deleted and created again is a new topic, and the old one is gone
 */
import { changedKeys } from '../../shared-map.ts'

type Topics = ReadonlyMap<string, { readonly id: string }>

export class TopicChanges {
  private topics: Topics = new Map()
  /** The offset of the newest metadata image. */
  metadataVersion = 0
  /** The offset of the newest metadata image that contains a new topic. */
  topicsVersion = 0

  /** Follows a new image; returns the names of the topics that are gone. */
  follow(image: { readonly offset: number; readonly topics: Topics }): ReadonlySet<string> {
    const before = this.topics
    this.topics = image.topics
    const changed = changedKeys(before, image.topics).filter(
      (name) => before.get(name)?.id !== image.topics.get(name)?.id,
    )
    if (changed.some((name) => image.topics.has(name))) this.topicsVersion = image.offset
    this.metadataVersion = image.offset
    return new Set(changed.filter((name) => before.has(name)))
  }
}
