/**
 * The broker as a library: a Kafka broker in this process, in memory or on disk, in tens of milliseconds.
 *
 *   import { startBroker } from 'offset-zero-broker'
 *   const broker = await startBroker()
 *   const kafka = new Kafka({ brokers: broker.bootstrap.split(',') })
 *   …
 *   await broker.stop()
 *
 * Where a test would start a container, it can start this. Each call is a cluster of its own, on a port of its own.
 */
export { type RunningBroker, type StartOptions, startBroker } from './start-broker.ts'
export type { LogFactory, LogPart } from '../log/log-part.ts'
export type { Parts } from '../broker/broker.ts'
export type { TraceEvent } from '../core.ts'
