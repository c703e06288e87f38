/**
 * Which fetcher copies which partition: one replica fetcher for each node that leads a partition with a replica here.
 *
 *   metadata: node 2 leads orders-0 and orders-3, node 3 leads orders-1
 *     fetcher of node 2:  orders-0, orders-3
 *     fetcher of node 3:  orders-1
 *
 * REPLICA-FETCHERS-1  a partition is copied by one fetcher at most
 * REPLICA-FETCHERS-2  a fetcher without partitions is closed, with its connection
 *
 * (kafka.server.AbstractFetcherManager. Kafka has num.replica.fetchers of them for each leader, so that more than one thread
 * appends; here there is one thread.)
 */
import type { Partition } from './partition.ts'
import { type LeaderEndpoint, ReplicaFetcher, type ReplicaFetcherOptions } from './replica-fetcher.ts'

export interface ReplicaFetchersOptions extends Omit<ReplicaFetcherOptions, 'endpoint'> {
  /** Connects to a node, at the first request. */
  readonly connect: (leaderId: number) => LeaderEndpoint
}

export class ReplicaFetchers {
  private readonly options: ReplicaFetchersOptions
  /** By the node that leads. */
  private readonly fetchers = new Map<number, ReplicaFetcher>()
  /** By partition: the node that it is copied from. */
  private readonly sources = new Map<string, number>()

  constructor(options: ReplicaFetchersOptions) {
    this.options = options
  }

  /** Copies a follower's log from its leader, from now on; stops if it has no leader. */
  follow(partition: Partition): void {
    const { key, leaderId } = partition
    if (this.sources.get(key) !== leaderId) this.forget(key)
    if (leaderId < 0) return
    let fetcher = this.fetchers.get(leaderId)
    if (!fetcher) {
      fetcher = new ReplicaFetcher({ ...this.options, endpoint: this.options.connect(leaderId) })
      this.fetchers.set(leaderId, fetcher)
    }
    this.sources.set(key, leaderId)
    fetcher.add(partition)
  }

  /** The partition has no role as a follower any more. */
  forget(key: string): void {
    const source = this.sources.get(key)
    if (source === undefined) return
    this.sources.delete(key)
    this.fetchers.get(source)?.remove(key)
  }

  /** REPLICA-FETCHERS-2. Called after metadata was applied, so that a change of epoch does not cost a new connection. */
  closeIdle(): void {
    for (const [leaderId, fetcher] of this.fetchers) {
      if (fetcher.size > 0) continue
      fetcher.close()
      this.fetchers.delete(leaderId)
    }
  }

  /** The fetcher that copies from this node; for tests and tools. */
  fetcherOf(leaderId: number): ReplicaFetcher | undefined {
    return this.fetchers.get(leaderId)
  }

  close(): void {
    for (const fetcher of this.fetchers.values()) fetcher.close()
    this.fetchers.clear()
    this.sources.clear()
  }
}
