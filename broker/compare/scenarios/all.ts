/**
 * All scenarios, in the order in which they are told.
 */
import './cluster.ts'
import './metadata.ts'
import './topics.ts'
import './topics-deleted.ts'
import './topic-partitions.ts'
import './quotas.ts'
import './quotas-applied.ts'
import './records.ts'
import './logs.ts'
import './groups.ts'
import './clients.ts'
import './security.ts'
import './tools.ts'

export { SCENARIOS } from '../scenario.ts'
