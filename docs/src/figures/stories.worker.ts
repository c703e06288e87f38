/// <reference lib="webworker" />
import type { AsideAction, AsideStrategy, AsideView } from './aside/aside'
import { tellAside } from './aside/aside-story'
import type { Command, CommandView } from './commands/commands'
import { tellCommands } from './commands/commands-story'
import type { CompactionAction, CompactionView } from './compaction/compaction'
import { tellCompaction } from './compaction/compaction-story'
import type { ConfigAsk, ConfigView } from './configs/configs'
import { tellConfigs } from './configs/configs-story'
import { type GroupAction, type GroupStory, PROTOCOLS, type Protocol } from './group/group'
import { tellGroup } from './group/group-story'
import type { Reading, ReadingAction } from './reading/reading'
import { tellReading } from './reading/reading-story'
import type { BatchField, RecordText } from './record/batch-bytes'
import { tellBytes } from './record/batch-bytes-story'
import type { RetentionAction, RetentionRule, RetentionView } from './retention/retention'
import { tellRetention } from './retention/retention-story'
import type { Gathered, Gathering, Retried, RetryAction } from './sending/sending'
import { tellGathering, tellRetries } from './sending/sending-story'
import type { TransactionAction, TransactionView } from './transaction/transaction'
import { tellTransaction } from './transaction/transaction-story'

/** The worker of the figures: a story is told from its beginning each time, since virtual time costs none. */

/** By kind: what is asked and what is told. */
export interface Stories {
  group: { ask: { actions: readonly GroupAction[] }; told: Record<Protocol, GroupStory> }
  commands: { ask: { commands: readonly Command[] }; told: CommandView[] }
  configs: { ask: ConfigAsk; told: ConfigView }
  reading: { ask: { records: number; actions: readonly ReadingAction[] }; told: Reading[] }
  gathering: { ask: Gathering; told: Gathered }
  retries: { ask: { isIdempotent: boolean; actions: readonly RetryAction[] }; told: Retried[] }
  bytes: { ask: RecordText; told: BatchField[] }
  aside: { ask: { strategy: AsideStrategy; actions: readonly AsideAction[] }; told: AsideView[] }
  transaction: { ask: { actions: readonly TransactionAction[] }; told: TransactionView[] }
  retention: { ask: { rule: RetentionRule; actions: readonly RetentionAction[] }; told: RetentionView[] }
  compaction: { ask: { actions: readonly CompactionAction[] }; told: CompactionView[] }
}
export type Kind = keyof Stories

const TELL: { [K in Kind]: (ask: Stories[K]['ask']) => Stories[K]['told'] } = {
  group: ({ actions }) => {
    const told = PROTOCOLS.map((protocol) => [protocol, tellGroup(protocol, actions)])
    return Object.fromEntries(told) as Record<Protocol, GroupStory>
  },
  commands: ({ commands }) => tellCommands(commands),
  configs: tellConfigs,
  reading: ({ records, actions }) => tellReading(records, actions),
  gathering: tellGathering,
  retries: ({ isIdempotent, actions }) => tellRetries(isIdempotent, actions),
  bytes: tellBytes,
  aside: ({ strategy, actions }) => tellAside(strategy, actions),
  transaction: ({ actions }) => tellTransaction(actions),
  retention: ({ rule, actions }) => tellRetention(rule, actions),
  compaction: ({ actions }) => tellCompaction(actions),
}

const scope = self as unknown as DedicatedWorkerGlobalScope

scope.onmessage = ({ data }: MessageEvent<{ kind: Kind; ask: never }>) =>
  scope.postMessage(TELL[data.kind](data.ask))
