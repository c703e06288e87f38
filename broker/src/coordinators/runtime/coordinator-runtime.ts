/**
 * The runtime under a coordinator: which partitions of its topic this node coordinates, by leader epoch.
 *
 *   a new image: this node leads __consumer_offsets-7 in epoch 5      load(7, 5)     a context, which loads in the background
 *   a new image: another node leads it in epoch 6                     unload(7, 6)   the context is closed
 *   the topic is deleted, or the disk has failed                      unload(7)      closed, whatever the epoch
 *
 * An image does not wait for loads: a partition may hold millions of records. A client that comes meanwhile gets
 * COORDINATOR_LOAD_IN_PROGRESS and tries again.
 *
 *   event                 the context of the partition             then
 *   load(epoch)           none                                     a new context loads
 *                         FAILED, in an older epoch                closed; a new context loads
 *                         INITIAL, LOADING, ACTIVE, older epoch    goes on in the new epoch: this node has led all the time
 *                         in this epoch or a newer one             nothing
 *   unload(epoch)         in an older epoch, in whatever state     closed; a running load is cancelled
 *                         in this epoch or a newer one             nothing: a late event
 *   records can't be      ACTIVE                                   FAILED; a new context of the same epoch loads
 *   applied
 *
 * KAFKA-18137 is the case in the middle: Kafka looked up the load that it had to cancel by the epoch of the unload, which is
 * newer than the epoch of the load, and did not find it. The load went on, and the node kept an old state as if it led.
 *
 * COORDINATOR-RUNTIME-1  an event of an epoch that is not newer than the context's changes nothing
 * COORDINATOR-RUNTIME-2  an unload with a newer epoch ends a load that is running or waits; nothing of it is served later
 * COORDINATOR-RUNTIME-3  a partition that can't be loaded is refused with NOT_COORDINATOR, and does not affect the others; a
 *     log line names the file and the position, once until it can be loaded
 * COORDINATOR-RUNTIME-4  a partition whose memory differs from its log is loaded anew, and is not served meanwhile
 * COORDINATOR-RUNTIME-5  one partition is loaded at a time, in the order of the elections, as by the one thread that does it in
 *     Kafka
 *
 * (org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime)
 */
import { explain } from '../../log/disk-trouble.ts'
import { partitionKey } from '../../topic-names.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { CoordinatorHost } from '../coordinator-host.ts'
import { CoordinatorContext, type CoordinatorShard } from './coordinator-context.ts'

export interface RuntimeOptions<Shard> {
  readonly host: CoordinatorHost
  /** The coordinator's topic. */
  readonly topic: string
  /** What the coordinator serves, for log lines: 'groups'. */
  readonly serves: string
  /** Makes the state machine of a partition, before its log is read. */
  readonly create: (context: CoordinatorContext) => Shard
}

export class CoordinatorRuntime<Shard extends CoordinatorShard> {
  private readonly options: RuntimeOptions<Shard>
  private readonly contexts = new Map<number, CoordinatorContext<Shard>>()
  /** Contexts whose logs will be read. */
  private readonly toLoad: CoordinatorContext<Shard>[] = []
  private isReading = false
  /** By partition, why its last load failed: an epoch later it may fail in the same way. */
  private readonly failures = new Map<number, string>()
  private isClosed = false

  constructor(options: RuntimeOptions<Shard>) {
    this.options = options
  }

  /** This node was elected as the leader of the partition in `epoch`. */
  load(partition: number, epoch: number): void {
    const known = this.contexts.get(partition)
    if (this.isClosed || (known && epoch <= known.epoch)) return
    if (known && known.state !== 'FAILED') known.epoch = epoch
    else this.start(partition, epoch)
  }

  /** This node leads the partition no longer: another one does in `epoch`, or, without an epoch, none. */
  unload(partition: number, epoch?: number): void {
    const known = this.contexts.get(partition)
    if (!known || (epoch !== undefined && epoch <= known.epoch)) return
    this.contexts.delete(partition)
    known.close()
  }

  private start(partition: number, epoch: number): void {
    this.contexts.get(partition)?.close()
    const { host, topic, create } = this.options
    const onDiverged = (error: unknown): void => this.restart(context, error)
    const context = new CoordinatorContext<Shard>({ host, topic, partition, epoch, create, onDiverged })
    this.contexts.set(partition, context)
    this.toLoad.push(context)
    this.loadNext()
  }

  /** COORDINATOR-RUNTIME-5 */
  private loadNext(): void {
    while (!this.isReading) {
      const context = this.toLoad.shift()
      if (!context) return
      if (context.state !== 'INITIAL') continue
      this.isReading = true
      let isNow = true
      context.load((failure) => {
        this.isReading = false
        if (context.state === 'FAILED') this.reportFailure(context.partition, explain(failure))
        else if (context.state === 'ACTIVE') this.failures.delete(context.partition)
        if (!isNow) this.loadNext()
      })
      isNow = false
    }
  }

  /** COORDINATOR-RUNTIME-3 */
  private reportFailure(partition: number, why: string): void {
    if (this.failures.get(partition) === why) return
    this.failures.set(partition, why)
    const { host, topic, serves } = this.options
    const key = partitionKey(topic, partition)
    const what = `the coordinator of ${key} failed to load and refuses its ${serves}: ${why}`
    const help = `stop the broker and restore ${key} from a backup, or move its folder away: its ${serves} are lost then`
    host.core.log('error', `${what}. ${help}`)
  }

  /** COORDINATOR-RUNTIME-4 */
  private restart(context: CoordinatorContext<Shard>, error: unknown): void {
    const { partition, epoch } = context
    const key = partitionKey(this.options.topic, partition)
    const why = error instanceof Error ? error.stack : String(error)
    this.options.host.core.log(
      'error',
      `the coordinator of ${key} differs from its log and is loaded anew: ${why}`,
    )
    if (this.contexts.get(partition) === context) this.start(partition, epoch)
  }

  /** The shard of a partition, or the error of a request for it. */
  find(partition: number): Shard | ErrorCode {
    const context = this.contexts.get(partition)
    if (!context) return ErrorCode.NOT_COORDINATOR
    return context.state === 'ACTIVE' ? context.shard : context.refusal
  }

  /** Runs `work` on the shard of a partition, now or after the work that is running there; or calls `refuse`. */
  run(partition: number, refuse: (error: ErrorCode) => void, work: (shard: Shard) => void): void {
    const context = this.contexts.get(partition)
    if (!context) return refuse(ErrorCode.NOT_COORDINATOR)
    if (context.state !== 'ACTIVE') return refuse(context.refusal)
    context.run(() => {
      if (context.state === 'ACTIVE') work(context.shard)
      else refuse(context.refusal)
    })
  }

  /** The shards that are served. */
  shards(): Shard[] {
    return [...this.contexts.values()].flatMap(({ state, shard }) => (state === 'ACTIVE' ? [shard] : []))
  }

  /** Whether a partition is being loaded, or waits for it. */
  get isLoading(): boolean {
    for (const { refusal } of this.contexts.values())
      if (refusal === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS) return true
    return false
  }

  /** Closes all partitions; loads nothing any more. */
  close(): void {
    this.isClosed = true
    for (const partition of [...this.contexts.keys()]) this.unload(partition)
  }
}
