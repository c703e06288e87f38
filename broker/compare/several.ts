/**
 * One question to a cluster of several brokers: about things that are in different places it is asked one by one, about
 * everything it is asked of all, and the answers are put together, as Kafka's admin client does it.
 */
import type { ApiName } from './apis.ts'

/** The request's list of what is asked about, and the answer's. */
const ONE_BY_ONE: { readonly [K in ApiName]?: readonly [asked: string, answered: string] } = {
  DescribeGroups: ['groups', 'groups'],
  ConsumerGroupDescribe: ['groupIds', 'groups'],
  DeleteGroups: ['groupsNames', 'results'],
  OffsetFetch: ['groups', 'groups'],
  DescribeTransactions: ['transactionalIds', 'transactionStates'],
  AddPartitionsToTxn: ['transactions', 'resultsByTransaction'],
}

/** The list in the answer, of what each broker has a part of. */
const OF_ALL: { readonly [K in ApiName]?: string } = {
  ListGroups: 'groups',
  ListTransactions: 'transactionStates',
}

type Fields = Readonly<Record<string, unknown>>

/** The questions that a question is made of; undefined when it is about one thing. */
export function oneByOne(api: ApiName, body: unknown): Fields[] | undefined {
  const [asked] = ONE_BY_ONE[api] ?? []
  const list = asked === undefined ? undefined : (body as Fields)[asked]
  if (asked === undefined || !Array.isArray(list) || list.length < 2) return undefined
  return list.map((each) => ({ ...(body as Fields), [asked]: [each] }))
}

export function isOfAll(api: ApiName): boolean {
  return api in OF_ALL
}

/** One answer of several; undefined when a broker has hung up. */
export function together(api: ApiName, answers: readonly unknown[]): unknown {
  const field = OF_ALL[api] ?? ONE_BY_ONE[api]![1]
  if (answers.includes(undefined)) return undefined
  const lists = answers.flatMap((answer) => (answer as Fields)[field])
  return { ...(answers[0] as Fields), [field]: lists }
}
