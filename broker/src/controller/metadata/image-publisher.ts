/**
 * From records to images: builds the image after each piece of the metadata log, and passes it to the listeners.
 *
 *   records on disk --> the next image --prepare--> every listener opens logs, in turns
 *                                                        |
 *                       answers requests <--- follow <---'   every listener applies it, in one event
 *
 * An image is published as a whole, and one after the other; records that arrive meanwhile make the next one together.
 *
 * IMAGE-PUBLISHER-1  no listener sees an image before all of them are prepared for it, which takes many turns if it has
 *     thousands of new partitions
 * IMAGE-PUBLISHER-2  what waits for records is done after an image with them was applied by every listener
 *
 * (org.apache.kafka.image.loader.MetadataLoader, MetadataPublisher)
 */
import type { Core } from '../../core.ts'
import type { Job, Steps, Turns } from '../../turns.ts'
import { ImageBuilder, type MetadataImage } from './metadata-image.ts'
import type { AppendedRecord } from './metadata-log.ts'
import { replayRecord } from './replay-record.ts'

export type ImageListener = (image: MetadataImage) => void
/** Prepares a node for an image before it is published: opens the logs of new partitions, in turns. */
export type ImagePreparer = (image: MetadataImage, turns: Turns) => Steps<void>

export interface ImagePublisherOptions {
  readonly core: Core
  readonly turns: Turns
  /** Called after every listener has applied the image. */
  readonly onPublished: (image: ImageBuilder) => void
}

export class ImagePublisher {
  private readonly options: ImagePublisherOptions
  private readonly listeners = new Set<{ readonly follow: ImageListener; readonly prepare: ImagePreparer }>()
  /** What waits until all records below `end` are published. */
  private readonly waiting: { readonly end: number; readonly done: () => void }[] = []
  /** The job that prepares nodes for the next image. */
  private preparing: Job | undefined
  private isPublishing = false
  private published: ImageBuilder
  /** Records that are in no published image yet, sorted by offset. */
  private readonly unpublished: AppendedRecord[] = []

  constructor(options: ImagePublisherOptions, image: ImageBuilder) {
    this.options = options
    this.published = copyOf(image)
  }

  /** The newest published image. */
  get image(): MetadataImage {
    return this.published
  }

  /** Begins with an image that was read from disk; listeners are not called. */
  restart(image: ImageBuilder): void {
    this.published = copyOf(image)
  }

  /** Calls `prepare` for each new image, then `follow`. Returns a function that removes the listener. */
  onImage(follow: ImageListener, prepare: ImagePreparer = noPreparation): () => void {
    const listener = { follow, prepare }
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** Records behind all that were added before. They are published when `publish` says that they may be. */
  add(records: readonly AppendedRecord[]): void {
    for (const record of records) this.unpublished.push(record)
  }

  /** Publishes an image with all records below `end`, then calls `done`. */
  publish(end: number, done: () => void): void {
    this.waiting.push({ end, done })
    if (!this.isPublishing) this.publishNext()
  }

  private publishNext(): void {
    const { core, turns } = this.options
    const end = this.waiting.at(-1)!.end
    // The records are sorted by offset, so the first one is enough to look at.
    const [first] = this.unpublished
    if (!first || first.offset >= end) return this.answer(end)
    const image = copyOf(this.published)
    const after = this.unpublished.findIndex(({ offset }) => offset >= end)
    const records = this.unpublished.splice(0, after < 0 ? this.unpublished.length : after)
    this.isPublishing = true
    const prepared = (): void => {
      this.isPublishing = false
      this.handOut(image)
      this.answer(end)
    }
    this.preparing = turns.run(this.prepare(image, records), prepared, (error) => {
      core.log('error', `metadata: ${error instanceof Error ? error.stack : String(error)}`)
      prepared()
    })
  }

  private *prepare(image: ImageBuilder, records: readonly AppendedRecord[]): Steps<void> {
    const { turns } = this.options
    for (const { record, offset } of records) {
      if (turns.isOver) yield
      replayRecord(image, record, offset)
    }
    for (const { prepare } of [...this.listeners]) yield* prepare(image, turns)
  }

  private handOut(image: ImageBuilder): void {
    const { core, onPublished } = this.options
    this.published = image
    core.trace?.({ type: 'image', offset: image.offset, topics: image.topics.size })
    for (const { follow } of [...this.listeners]) follow(image)
    onPublished(image)
  }

  /** Completes what waits for records below `end`, and continues with the next image for the others. */
  private answer(end: number): void {
    const left = this.waiting.findIndex((each) => each.end > end)
    for (const { done } of this.waiting.splice(0, left < 0 ? this.waiting.length : left)) done()
    if (this.waiting.length > 0 && !this.isPublishing) this.publishNext()
  }

  close(): void {
    this.preparing?.cancel()
  }
}

/** For a listener that needs no preparation. */
function* noPreparation(): Steps<void> {}

function copyOf(image: ImageBuilder): ImageBuilder {
  return new ImageBuilder(image.clusterId, image.controllerId, image)
}
