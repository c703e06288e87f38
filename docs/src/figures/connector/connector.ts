/**
 * How a sink connector is shared out: partitions to tasks, tasks to workers. A fixed model, without a broker: tasks take
 * partitions in turn, workers take tasks in turn, and a task stays with its worker while that lives.
 */

export interface ConnectorTask {
  /** From 0 on. */
  readonly id: number
  readonly partitions: readonly number[]
  /** The worker that runs it. */
  readonly worker: string
  /** Whether it was with another worker before the last change. */
  readonly hasMoved: boolean
}

export const WORKERS = ['A', 'B', 'C'] as const
export type Worker = (typeof WORKERS)[number]

/** The tasks of a sink; `before` are the workers that lived before the last change. At least one worker is alive. */
export function connectorTasks(
  partitions: number,
  tasksMax: number,
  alive: readonly Worker[],
  before: readonly Worker[] = alive,
): ConnectorTask[] {
  const placed = (workers: readonly Worker[]) =>
    Array.from({ length: tasksMax }, (_, id) => workers[id % workers.length]!)
  const old = placed(before)
  const orphans = old.flatMap((worker, id) => (alive.includes(worker) ? [] : [id]))
  const isSmaller = before.some((worker) => !alive.includes(worker))
  const now = isSmaller
    ? old.map((worker, id) => (alive.includes(worker) ? worker : alive[orphans.indexOf(id) % alive.length]!))
    : placed(alive)
  return now.map((worker, id) => ({
    id,
    partitions: Array.from({ length: partitions }, (_, partition) => partition).filter(
      (partition) => partition % tasksMax === id,
    ),
    worker,
    hasMoved: worker !== old[id],
  }))
}
