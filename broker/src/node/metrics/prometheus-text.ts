/**
 * Prometheus' text format, version 0.0.4: the response to a scrape.
 *
 *   # HELP kafka_log_log_size Bytes of a partition's segments.
 *   # TYPE kafka_log_log_size gauge
 *   kafka_log_log_size{topic="orders",partition="0"} 4096
 *
 * PROMETHEUS-TEXT-1  a label's value may contain anything: backslashes, quotes and line breaks are escaped
 * PROMETHEUS-TEXT-2  a piece ends at the end of a line
 */
import type { Metric, Sample } from '../../broker/metrics.ts'

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'
/** Samples per piece: about 50 KB. */
const SAMPLES = 500

/** The text of the metrics, in pieces of a few hundred lines (PROMETHEUS-TEXT-2). */
export function* prometheusText(metrics: Iterable<Metric>): Generator<string> {
  let piece = ''
  let samples = 0
  for (const metric of metrics) {
    piece += `# HELP ${metric.name} ${metric.help.replace(/[\\\n]/g, escaped)}\n`
    piece += `# TYPE ${metric.name} ${metric.type}\n`
    for (const sample of metric.samples) {
      piece += `${metric.name}${sample.suffix ?? ''}${labelsOf(sample)} ${numberOf(sample.value)}\n`
      if (++samples % SAMPLES > 0) continue
      yield piece
      piece = ''
    }
  }
  if (piece !== '') yield piece
}

function labelsOf({ labels }: Sample): string {
  if (!labels) return ''
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\\n"]/g, escaped)}"`,
  )
  return `{${pairs.join(',')}}`
}

function escaped(each: string): string {
  return each === '\n' ? '\\n' : `\\${each}`
}

function numberOf(value: number): string {
  if (Number.isFinite(value)) return String(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}
