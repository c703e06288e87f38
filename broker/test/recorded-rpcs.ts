/**
 * For tests of state machines that send requests to other nodes: records the requests, and answers when the test says so.
 */
import type { Failure, Rpc, RpcResult, Rpcs } from '../src/channel/rpc.ts'

/** A request that was sent; `body` as it was at `version`. */
export interface RecordedRpc {
  readonly nodeId: number
  readonly name: string
  readonly body: unknown
  isAnswered: boolean
  answer(response: unknown): void
  fail(failure: Failure): void
}

export class RecordedRpcs implements Rpcs {
  readonly sent: RecordedRpc[] = []
  isClosed = false

  send<In, Out>(
    nodeId: number,
    rpc: Rpc<In, Out>,
    body: (version: number) => In,
    done: (result: RpcResult<Out>) => void,
  ): void {
    const version = rpc.versions?.max ?? rpc.request.versions.max
    const settle = (result: RpcResult<Out>): void => {
      if (recorded.isAnswered) throw new Error(`${rpc.request.name} was answered twice`)
      recorded.isAnswered = true
      done(result)
    }
    const recorded: RecordedRpc = {
      nodeId,
      name: rpc.request.name,
      body: body(version),
      isAnswered: false,
      answer: (response) => settle({ ok: true, response: response as Out, version }),
      fail: (failure) => settle({ ok: false, failure, reason: failure }),
    }
    this.sent.push(recorded)
  }

  /** Requests without an answer. */
  get open(): RecordedRpc[] {
    return this.sent.filter(({ isAnswered }) => !isAnswered)
  }

  close(): void {
    this.isClosed = true
  }
}
