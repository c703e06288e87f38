import type { Text } from '../../i18n/locale'

/**
 * A partition with three replicas, min.insync.replicas=2, unclean elections off: a fixed sequence of states, written by hand after Kafka's
 * rules. Our broker has one replica of each partition, so it cannot play this. tests/stories.test.ts holds every state
 * against the rules.
 */

export const MIN_INSYNC_REPLICAS = 2

export interface ReplicaState {
  broker: number
  /** The offset that its next record gets. */
  end: number
  runs: boolean
}

export interface ReplicationState {
  replicas: readonly [ReplicaState, ReplicaState, ReplicaState]
  leader: number
  leaderEpoch: number
  isr: readonly number[]
  highWatermark: number
  /** What the producer has heard last: nothing yet, the offset of its record, or the name of Kafka's error. */
  answer: 'waits' | number | string
  told: Text
}

interface Short {
  ends: readonly [number, number, number]
  /** Brokers that do not run. */
  down?: readonly number[]
  leader?: number
  epoch?: number
  isr: readonly number[]
  hw: number
  answer: 'waits' | number | string
  told: Text
}

const STEPS: readonly Short[] = [
  {
    ends: [3, 3, 3],
    isr: [1, 2, 3],
    hw: 3,
    answer: 2,
    told: {
      en: 'Three replicas, all in sync. The producer has the answer for offset 2; consumers see offsets 0 to 2.',
      ru: 'Три реплики, все синхронные. Продюсер получил ответ про смещение 2; консюмеры видят смещения 0–2.',
    },
  },
  {
    ends: [4, 3, 3],
    isr: [1, 2, 3],
    hw: 3,
    answer: 'waits',
    told: {
      en: 'A record with acks=all. The leader has appended it and does not answer yet. Consumers do not see it.',
      ru: 'Запись с acks=all. Лидер её дописал, но пока не отвечает. Консюмеры её не видят.',
    },
  },
  {
    ends: [4, 4, 4],
    isr: [1, 2, 3],
    hw: 3,
    answer: 'waits',
    told: {
      en: 'The followers have fetched from offset 3 and got it. The leader does not know yet that it has arrived.',
      ru: 'Ведомые реплики запросили со смещения 3 и получили её. Что она дошла, лидер ещё не знает.',
    },
  },
  {
    ends: [4, 4, 4],
    isr: [1, 2, 3],
    hw: 4,
    answer: 3,
    told: {
      en: 'They fetch from offset 4. By that the leader knows: all in-sync replicas have offset 3. The high watermark moves, and the producer gets its answer.',
      ru: 'Теперь они запрашивают со смещения 4. По этому лидер и узнаёт: смещение 3 есть у всех синхронных. Верхняя отметка сдвигается, продюсер получает ответ.',
    },
  },
  {
    ends: [5, 5, 4],
    down: [3],
    isr: [1, 2, 3],
    hw: 4,
    answer: 'waits',
    told: {
      en: 'Broker 3 has crashed, and nobody has noticed: it is still in the ISR. The next record waits for it.',
      ru: 'Брокер 3 упал, но никто не заметил: он всё ещё в ISR. Следующая запись ждёт его.',
    },
  },
  {
    ends: [5, 5, 4],
    down: [3],
    isr: [1, 2],
    hw: 5,
    answer: 4,
    told: {
      en: 'After 9 seconds without a heartbeat the controller takes broker 3 out of the ISR. Two are left, as many as min.insync.replicas demands: the producer gets its answer.',
      ru: 'После 9 секунд без heartbeat контроллер убирает брокер 3 из ISR. Осталось два — столько, сколько требует min.insync.replicas: продюсер получает ответ.',
    },
  },
  {
    ends: [5, 5, 4],
    down: [2, 3],
    isr: [1],
    hw: 5,
    answer: 'NOT_ENOUGH_REPLICAS',
    told: {
      en: 'Broker 2 crashes as well, and 9 seconds later it is out of the ISR. A record with acks=all is refused and not appended. Consumers read on up to the high watermark.',
      ru: 'Упал и брокер 2, через 9 секунд и его нет в ISR. Запись с acks=all отвергнута, в журнал она не попала. Консюмеры читают до верхней отметки, как раньше.',
    },
  },
  {
    ends: [6, 5, 4],
    down: [2, 3],
    isr: [1],
    hw: 5,
    answer: 5,
    told: {
      en: 'A record with acks=1. It is accepted and answered, but the high watermark stays: with fewer than two in sync it does not move. No consumer sees this record.',
      ru: 'Запись с acks=1. Её приняли, ответ пришёл, но верхняя отметка стоит: пока синхронных меньше двух, она не движется. Ни один консюмер эту запись не видит.',
    },
  },
  {
    ends: [6, 6, 4],
    down: [3],
    isr: [1, 2],
    hw: 6,
    answer: 5,
    told: {
      en: 'Broker 2 is back, catches up by fetching, and comes into the ISR again. Now all in-sync replicas have the record, and consumers see it.',
      ru: 'Брокер 2 вернулся, догнал лидера обычными запросами чтения и снова в ISR. Теперь запись есть у всех синхронных, и консюмеры её видят.',
    },
  },
  {
    ends: [6, 6, 4],
    down: [1, 3],
    leader: 2,
    epoch: 1,
    isr: [2],
    hw: 6,
    answer: 'NOT_ENOUGH_REPLICAS',
    told: {
      en: 'The leader crashes. The controller chooses broker 2, for it is in the ISR and so has everything below the high watermark. Reading goes on; acks=all is refused until a second replica is back.',
      ru: 'Упал лидер. Контроллер выбирает брокер 2: он в ISR, значит, у него есть всё, что ниже верхней отметки. Читать можно дальше, а отправка с acks=all невозможна, пока не вернётся вторая реплика.',
    },
  },
  {
    ends: [6, 6, 6],
    down: [1],
    leader: 2,
    epoch: 1,
    isr: [2, 3],
    hw: 6,
    answer: 'NOT_ENOUGH_REPLICAS',
    told: {
      en: 'Broker 3 is back and fetches what it lacks from the new leader. Two in sync: from here on acks=all works again.',
      ru: 'Брокер 3 вернулся и забирает недостающее у нового лидера. Синхронных снова две: acks=all опять работает.',
    },
  },
]

export const replicationStates: readonly ReplicationState[] = STEPS.map(
  ({ ends, down = [], leader = 1, epoch = 0, isr, hw, answer, told }) => {
    const replica = (place: 0 | 1 | 2): ReplicaState => ({
      broker: place + 1,
      end: ends[place],
      runs: !down.includes(place + 1),
    })
    return {
      replicas: [replica(0), replica(1), replica(2)],
      leader,
      leaderEpoch: epoch,
      isr,
      highWatermark: hw,
      answer,
      told,
    }
  },
)

export const replicationWords = {
  step: { en: 'Next step', ru: 'Следующий шаг' },
  place: { en: 'step {now} of {all}', ru: 'шаг {now} из {all}' },
  leader: { en: 'broker {broker}, leader', ru: 'брокер {broker}, лидер' },
  inSync: { en: 'broker {broker}, in sync', ru: 'брокер {broker}, синхронная' },
  behind: { en: 'broker {broker}, not in sync', ru: 'брокер {broker}, не синхронная' },
  down: { en: '{replica}; down', ru: '{replica}; не работает' },
  highWatermark: { en: 'high watermark', ru: 'верхняя отметка' },
  isr: { en: 'ISR', ru: 'ISR' },
  epoch: { en: 'leader epoch', ru: 'эпоха лидера' },
  answer: { en: 'the producer has heard', ru: 'ответ продюсеру' },
  waits: { en: 'nothing yet', ru: 'пока нет' },
  offset: { en: 'offset {offset}', ru: 'смещение {offset}' },
} satisfies Record<string, Text>
