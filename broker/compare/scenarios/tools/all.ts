/**
 * Scenarios with Kafka's own command-line tools.
 */
import './cluster.ts'
import './topics.ts'
import './records.ts'
import './files.ts'
import './live.ts'
