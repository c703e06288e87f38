/** A call and a limit, for cases with words of their own: the engine's own limit says no more than "did not finish". */

const tickMs = 50

/**
 * What a call gives, or `late` when it has not ended in time. Ticks are counted, not hours: while a busy machine runs
 * no code of ours, little time passes.
 */
export async function inTime<T>(call: Promise<T>, limitMs: number): Promise<{ got: T } | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    let ticks = 0
    timer = setInterval(() => {
      if (++ticks * tickMs >= limitMs) resolve('late')
    }, tickMs)
  })
  return Promise.race([call.then((got) => ({ got })), late]).finally(() => clearInterval(timer))
}
