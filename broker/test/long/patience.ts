/** A time limit for promises, so that a hanging one fails with a name. */

/** The limit. */
const PATIENCE_MS = 120_000

/** The result of `promise`, or a rejection that names what is missing. */
export async function withPatience<T>(promise: Promise<T>, what: () => string, ms = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what()}: nothing within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
