import type { RawCluster } from '../wire/raw.ts'

/** What every tool works with. */
export interface Console {
  readonly cluster: RawCluster
  readonly bootstrap: string
  /** What is typed into a tool that reads its input, line by line. */
  readonly input: AsyncIterable<string> | Iterable<string>
  /** Prints a line. */
  readonly print: (line: string) => void
  /** Prints a line where errors and remarks go. */
  readonly remark: (line: string) => void
  /** Ctrl-C: a tool that waits ends. */
  readonly stopped: AbortSignal
}
