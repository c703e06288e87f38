/**
 * Opening the controller: its log from the first node's folder, replayed.
 *
 * The metadata log lies beside the topics' logs, as in Kafka's combined mode, in a folder that looks like a partition's.
 */
import type { BrokerConfig } from '../config/broker-config.ts'
import { Controller } from '../controller/controller.ts'
import { MetadataLog } from '../controller/metadata-log.ts'
import type { Core } from '../core.ts'
import { readCleanShutdown } from '../log/clean-shutdown.ts'
import { DEFAULT_LOG_CONFIG } from '../log/log.ts'
import { openLog } from '../log/open-log.ts'
import { METADATA_TOPIC_UUID } from '../wire/uuid.ts'

const TOPIC = '__cluster_metadata'

/** Opens the metadata log in `core`'s storage and gives its controller, which has replayed it. */
export function openController(options: { core: Core; config: BrokerConfig; clusterId: string; nodeId: number }): Controller {
  const { core, config, nodeId } = options
  const log = openLog({
    storage: core.storage,
    folder: `${TOPIC}-0`,
    topic: TOPIC,
    partition: 0,
    topicId: METADATA_TOPIC_UUID,
    config: { ...DEFAULT_LOG_CONFIG, segmentBytes: config.get('metadata.log.segment.bytes'), retentionMs: -1 },
    clock: core.clock,
    log: core.log,
    recoveryPoint: 0,
    hadCleanShutdown: readCleanShutdown(core.storage) !== undefined,
  })
  const controller = new Controller({ ...options, log: new MetadataLog({ log, nodeId, now: () => core.clock.now() }) })
  controller.start()
  return controller
}
