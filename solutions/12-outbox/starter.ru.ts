/**
 * Лабораторная 12: outbox. На её странице сказано всё, что проверяется: `npm start`, раздел «Лабораторные», «Outbox».
 * Допишите три функции и сохраните файл; `npm run lab` проверяет его при каждом сохранении.
 */
import type { Kafka } from 'kafkajs'

/** Заказ, каким его оформляют. */
export interface NewOrder {
  id: string
  item: string
  amount: number
}

/** Заказ, каким он лежит в базе. */
export interface Order extends NewOrder {
  status: 'placed' | 'cancelled'
}

/** Строка outbox. Номер ей даёт база, когда строку добавляют: 1, 2, 3 … */
export interface OutboxRow {
  id: number
  key: string
  value: string | null
  sent: boolean
}

/** Какие строки: выполнены все указанные условия. */
export interface Where {
  ids?: number[]
  sent?: boolean
  /** id > after */
  after?: number
  /** id <= upTo */
  upTo?: number
}

/** Открытая транзакция: видит свои изменения и то, что зафиксировали другие. */
export interface Transaction {
  /** Заказ с этим id или null. Блокирует его: другие с таким же id ждут, пока эта транзакция не закончится. */
  findOrder(id: string): Promise<Order | null>
  /** Добавляет заказ или заменяет его. */
  saveOrder(order: Order): Promise<void>
  /** Добавляет в outbox строку и возвращает её id. */
  addEvent(event: { key: string; value: string | null }): Promise<number>
  /**
   * Строки outbox по порядку id. `lock` блокирует их до конца этой транзакции; если какие-то уже заблокировала другая, то
   * 'wait' ждёт её конца, а 'skip' эти строки пропускает.
   */
  events(where: Where, options?: { limit?: number; lock?: 'wait' | 'skip' }): Promise<OutboxRow[]>
  /** Отмечает строки как отправленные и возвращает, сколько их. */
  markSent(where: Where): Promise<number>
  /** Удаляет строки и возвращает, сколько их было. */
  deleteEvents(where: Where): Promise<number>
}

export interface Database {
  /**
   * Выполняет `work` в отдельной транзакции и возвращает её результат. Фиксирует транзакцию, когда промис `work` выполнен,
   * и откатывает, когда он отклонён.
   */
  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
}

/** Relay, который работает в фоне. */
export interface Running {
  /** Дожидается идущей отправки и закрывает соединения. */
  stop(): Promise<void>
}

/** Сохраняет новый заказ и то, что о нём нужно отправить. */
export async function placeOrder(db: Database, kafka: Kafka, topic: string, order: NewOrder): Promise<void> {
  throw new Error(
    `not implemented: placeOrder (${typeof db.transact}, ${kafka.constructor.name}, ${topic}, ${order.id})`,
  )
}

/** Отменяет заказ и сохраняет то, что об этом нужно отправить. */
export async function cancelOrder(db: Database, kafka: Kafka, topic: string, id: string): Promise<void> {
  throw new Error(
    `not implemented: cancelOrder (${typeof db.transact}, ${kafka.constructor.name}, ${topic}, ${id})`,
  )
}

/** Отправляет строки outbox, пока её не остановят. */
export async function relay(db: Database, kafka: Kafka, topic: string): Promise<Running> {
  throw new Error(`not implemented: relay (${typeof db.transact}, ${kafka.constructor.name}, ${topic})`)
}
