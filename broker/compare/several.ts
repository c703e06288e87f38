/**
 * A request to a cluster of several brokers: one about things on different brokers is split, one about everything is sent
 * to all, and the responses are merged, as in Kafka's admin client.
 */
import type { ApiName } from './apis.ts'

/** The list of items in the request, and in the response. */
const ONE_BY_ONE: { readonly [K in ApiName]?: readonly [asked: string, answered: string] } = {
  DescribeGroups: ['groups', 'groups'],
  ConsumerGroupDescribe: ['groupIds', 'groups'],
  DeleteGroups: ['groupsNames', 'results'],
  OffsetFetch: ['groups', 'groups'],
  DescribeTransactions: ['transactionalIds', 'transactionStates'],
  AddPartitionsToTxn: ['transactions', 'resultsByTransaction'],
}

/** The list in the response of which each broker has a part. */
const OF_ALL: { readonly [K in ApiName]?: string } = {
  ListGroups: 'groups',
  ListTransactions: 'transactionStates',
}

type Fields = Readonly<Record<string, unknown>>

/** The parts of a request; undefined if it is about one item. */
export function oneByOne(api: ApiName, body: unknown): Fields[] | undefined {
  const [asked] = ONE_BY_ONE[api] ?? []
  const list = asked === undefined ? undefined : (body as Fields)[asked]
  if (asked === undefined || !Array.isArray(list) || list.length < 2) return undefined
  return list.map((each) => ({ ...(body as Fields), [asked]: [each] }))
}

export function isOfAll(api: ApiName): boolean {
  return api in OF_ALL
}

/** Merges responses; undefined if a broker has closed the connection. */
export function together(api: ApiName, answers: readonly unknown[]): unknown {
  const field = OF_ALL[api] ?? ONE_BY_ONE[api]![1]
  if (answers.includes(undefined)) return undefined
  const lists = answers.flatMap((answer) => (answer as Fields)[field])
  return { ...(answers[0] as Fields), [field]: lists }
}
