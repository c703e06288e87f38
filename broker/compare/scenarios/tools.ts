/**
 * The stories that are told with Kafka's own command-line tools.
 */
import './tools-cluster.ts'
import './tools-topics.ts'
import './tools-records.ts'
import './tools-files.ts'
import './tools-live.ts'
