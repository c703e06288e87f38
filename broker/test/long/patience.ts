/** A limit to waiting, so that what hangs is a failure with a name. */

/** Longer than this, and it hangs. */
const PATIENCE_MS = 120_000

/** What `promise` gives, or a rejection that says what has not come. */
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
