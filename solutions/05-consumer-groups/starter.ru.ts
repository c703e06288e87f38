/**
 * Лабораторная 05: группы консюмеров. На её странице сказано всё, что проверяется: `npm start`, раздел
 * «Лабораторные», «Группы консюмеров». Допишите четыре функции и сохраните файл; `npm run lab` проверяет его при
 * каждом сохранении.
 */
import type { Kafka } from 'kafkajs'

export interface TopicPartition {
  topic: string
  partition: number
}

/** Участник группы: на какие топики подписан, какие партиции у него были до сих пор. */
export interface Member {
  id: string
  topics: string[]
  owned: TopicPartition[]
}

/** Топик и число его партиций. */
export interface Topic {
  topic: string
  partitions: number
}

/** Что досталось участнику. */
export interface Share {
  id: string
  partitions: TopicPartition[]
}

export interface GroupEvent {
  /** Миллисекунды. */
  atMs: number
  worker: string
  /** `group.instance.id` статического участника; null: у воркера его нет. */
  instanceId: string | null
  what: 'starts' | 'stops' | 'crashes'
}

export interface WorkRecord {
  topic: string
  partition: number
  offset: string | bigint | number
  value: string | null
}

export interface Settings {
  groupId: string
  topics: string[]
  /** Сколько участник может молчать, прежде чем брокер сочтёт его мёртвым, мс. */
  sessionMs: number
  heartbeatMs: number
  /** Все партиции, которые с этого момента у воркера есть. */
  onAssigned(partitions: TopicPartition[]): Promise<void>
  onRecord(record: WorkRecord): Promise<void>
}

export interface Worker {
  /** Выходит из группы: заканчивает текущее, фиксирует смещения, прощается, закрывает соединения. */
  stop(): Promise<void>
}

/** Делит все партиции поровну и перемещает как можно меньше. */
export function assign(members: Member[], topics: Topic[]): Share[] {
  throw new Error(`not implemented: assign (${members.length} members, ${topics.length} topics)`)
}

/** Один раунд cooperative-ребалансировки: что переезжает, сейчас забирают, а новому владельцу отдают в следующем раунде. */
export function cooperativeRound(members: Member[], target: Share[]): Share[] {
  throw new Error(`not implemented: cooperativeRound (${members.length} members, ${target.length} shares)`)
}

/** Когда координатор добавляет участника в группу или удаляет из неё: миллисекунды по возрастанию. */
export function memberChanges(events: GroupEvent[], sessionMs: number): number[] {
  throw new Error(`not implemented: memberChanges (${events.length} events, ${sessionMs})`)
}

/** Запускает воркера — участника группы `settings.groupId`. */
export async function startWorker(kafka: Kafka, settings: Settings): Promise<Worker> {
  throw new Error(`not implemented: startWorker (${kafka.constructor.name}, ${settings.groupId})`)
}
