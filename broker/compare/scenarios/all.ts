/**
 * All scenarios, in the order in which they are told.
 */
import './cluster.ts'
import './topics.ts'
import './records.ts'
import './logs.ts'
import './groups.ts'

export { SCENARIOS } from '../scenario.ts'
