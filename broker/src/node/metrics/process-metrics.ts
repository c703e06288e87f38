/**
 * Metrics of the process that runs the brokers, under the names that Prometheus' client libraries use.
 *
 * The event loop is the one thread that serves all clients. Its idle time has the name of Kafka's equivalent metric, the
 * idle share of the request handlers. How often it was blocked for too long is counted in stalls.ts.
 */
import { readdirSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import { counter, gauge, type Metric } from '../../broker/metrics.ts'
import type { Stalls } from '../../stalls.ts'
import { descriptorsMax } from '../descriptors.ts'

export class ProcessMetrics {
  private readonly stalls: Stalls
  private before = performance.eventLoopUtilization()

  constructor(stalls: Stalls) {
    this.stalls = stalls
  }

  /** The idle share of the event loop since the last call, from 0 to 1. */
  private idleShare(): number {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, this.before)
    this.before = now
    return Number.isFinite(utilization) ? Math.max(0, 1 - utilization) : 1
  }

  *metrics(): Generator<Metric> {
    const { count, totalMs, longestMs } = this.stalls
    const idle = 'Share of the time since the last scrape in which the event loop was idle, 0 to 1.'
    yield gauge('kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent', idle, this.idleShare())
    const stalls = 'offset_zero_event_loop_stall'
    yield counter(`${stalls}s_total`, 'Times that the event loop was blocked for 200 ms or longer.', count)
    yield counter(`${stalls}_seconds_total`, 'Total duration of these stalls, in seconds.', totalMs / 1000)
    yield gauge(`${stalls}_seconds_max`, 'The longest stall, in seconds.', longestMs / 1000)
    const { user, system } = process.cpuUsage()
    yield counter('process_cpu_seconds_total', 'Processor time, in seconds.', (user + system) / 1e6)
    yield gauge(
      'process_start_time_seconds',
      'Start time of the process, in seconds since 1970.',
      startedAt(),
    )
    const { rss, external, arrayBuffers } = process.memoryUsage()
    yield gauge('process_resident_memory_bytes', 'Memory of the process.', rss)
    const heap = getHeapStatistics()
    yield gauge('nodejs_heap_size_used_bytes', 'Heap in use.', heap.used_heap_size)
    yield gauge('nodejs_heap_size_total_bytes', 'Allocated heap.', heap.total_heap_size)
    yield gauge('nodejs_heap_size_limit_bytes', 'Limit of the heap.', heap.heap_size_limit)
    yield gauge('nodejs_external_memory_bytes', 'Memory outside the heap.', external)
    yield gauge(
      'nodejs_array_buffers_bytes',
      'The part of it that holds bytes of requests, responses and files.',
      arrayBuffers,
    )
    yield {
      ...gauge('nodejs_version_info', 'The version of Node.js.', 1),
      samples: [{ labels: { version: process.version }, value: 1 }],
    }
    const open = openDescriptors()
    if (open) {
      yield gauge('process_open_fds', 'Open file descriptors.', open.count)
      yield gauge('process_max_fds', 'Limit of open file descriptors (ulimit -n).', open.max)
    }
  }
}

function startedAt(): number {
  return performance.timeOrigin / 1000
}

/** Undefined if there is no /proc. */
function openDescriptors(): { count: number; max: number } | undefined {
  const max = descriptorsMax()
  try {
    return max === undefined ? undefined : { count: readdirSync('/proc/self/fd').length, max }
  } catch {
    // No descriptor is left to read the folder with.
    return undefined
  }
}
