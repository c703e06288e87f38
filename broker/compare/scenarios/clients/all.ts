/**
 * Scenarios with other clients than ours: kafkajs, and kcat if it is installed.
 */
import './kafkajs.ts'
import './kcat.ts'
