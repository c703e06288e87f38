/** Lab 05: what the tests of heartbeats and slow handlers check, and what is said when it does not hold. */
import type { TestText } from '../engine/lab.ts'
import { heartbeatHints } from './hints.ts'
import { recordCases, shareOutCases } from './messages-group.ts'

export const slowTests = {
  beats: {
    name: {
      en: 'An idle worker sends its heartbeats in time',
      ru: 'Воркер без работы отправляет heartbeat вовремя',
    },
    promises: ['beats'],
    says: {
      ...shareOutCases,
      rare: {
        en: 'In {ms} ms without work the worker sent {got} {got:heartbeat|heartbeats}; heartbeatMs is {wanted}.',
        ru: 'За {ms} мс без работы воркер отправил heartbeat-запросов: {got}; heartbeatMs равен {wanted}.',
        why: {
          en: 'A heartbeat does two things: it says that the member is alive, and it brings the news that the group rebalances. If it comes late, everybody waits in the rebalance for this member.',
          ru: 'У heartbeat две задачи: сообщить, что участник жив, и узнать, что началась ребалансировка. Если он опаздывает, все в ребалансировке ждут этого участника.',
        },
        try: {
          en: 'Pass heartbeatInterval: heartbeatMs; and keep maxWaitTimeInMs as short: while a fetch waits, kafkajs sends no heartbeat.',
          ru: 'Передайте heartbeatInterval: heartbeatMs и сделайте maxWaitTimeInMs таким же коротким: пока fetch ждёт, kafkajs heartbeat не отправляет.',
        },
      },
    },
    hints: heartbeatHints,
  },
  slow: {
    name: {
      en: 'A worker whose handler takes longer than the session stays in the group',
      ru: 'Воркер, обработчик которого работает дольше сессии, остаётся в группе',
    },
    promises: ['slow'],
    needs: ['share'],
    says: {
      ...shareOutCases,
      ...recordCases,
      thrownOut: {
        en: 'onRecord took longer than sessionMs ({session} ms). Meanwhile the worker sent {beats} {beats:heartbeat|heartbeats}, the group removed it, and another worker got its partitions.',
        ru: 'onRecord работала дольше sessionMs ({session} мс). За это время воркер отправил heartbeat-запросов: {beats}, группа его удалила, и его партиции получил другой.',
        why: {
          en: 'The coordinator sees no difference between a slow member and a dead one: both are silent. The record in hand is then handled by two.',
          ru: 'Медленного участника координатор не отличает от мёртвого: оба молчат. И запись, которая в работе, обработают двое.',
        },
        try: {
          en: 'While onRecord is at work, call heartbeat() of eachMessage from a timer; kafkajs sends it when it is due.',
          ru: 'Пока onRecord работает, вызывайте по таймеру heartbeat() из eachMessage; kafkajs отправит его, когда пора.',
        },
      },
      silent: {
        en: 'While onRecord was at work, for {ms} ms, the worker sent {beats} {beats:heartbeat|heartbeats}; heartbeatMs is {wanted}.',
        ru: 'Пока onRecord работала ({ms} мс), воркер отправил heartbeat-запросов: {beats}; heartbeatMs равен {wanted}.',
        why: {
          en: 'After a session without a heartbeat the coordinator takes the member for dead and gives its partitions to others.',
          ru: 'После сессии без единого heartbeat координатор считает участника мёртвым и отдаёт его партиции другим.',
        },
        try: {
          en: 'While onRecord is at work, call heartbeat() of eachMessage from a timer; kafkajs sends it when it is due.',
          ru: 'Пока onRecord работает, вызывайте по таймеру heartbeat() из eachMessage; kafkajs отправит его, когда пора.',
        },
      },
    },
    hints: heartbeatHints,
  },
  'rebalance-in-hand': {
    name: {
      en: 'When the group rebalances in the middle of a record, the worker finishes and commits it before it joins again',
      ru: 'Если ребалансировка застала воркера посреди записи, он заканчивает и фиксирует её и только потом входит заново',
    },
    promises: ['hears', 'once-in-group'],
    needs: ['beats', 'share', 'one-by-one'],
    says: {
      ...shareOutCases,
      ...recordCases,
      goesOn: {
        en: 'The group was rebalancing when the worker finished its record. Before it joined again, it handed over {count} more of {partition}.',
        ru: 'Когда воркер закончил запись, в группе шла ребалансировка. До повторного входа он передал ещё записей из {partition}: {count}.',
        why: {
          en: 'While one member does not join again, nobody else in the group gets a partition: a rebalance is as slow as its slowest member.',
          ru: 'Пока один участник не вошёл заново, никто в группе не получит партиций: ребалансировка длится столько, сколько её самый медленный участник.',
        },
        try: {
          en: 'Await heartbeat() after each record, and let its error through: kafkajs then joins again. With eachMessage it does so by itself.',
          ru: 'После каждой записи дождитесь heartbeat() и не перехватывайте его ошибку: тогда kafkajs войдёт заново. В eachMessage она делает это сама.',
        },
      },
      thrownOut: {
        en: 'The group was rebalancing while onRecord was at work, for longer than sessionMs ({session} ms). In this time the worker sent {beats} {beats:heartbeat|heartbeats}, and the group removed it.',
        ru: 'Пока onRecord работала, в группе шла ребалансировка, и это длилось дольше sessionMs ({session} мс). За это время воркер отправил heartbeat-запросов: {beats}, и группа его удалила.',
        why: {
          en: 'Two clocks run for a member with a record in hand: its session, which each heartbeat sets back, also one that is answered with REBALANCE_IN_PROGRESS; and rebalanceTimeout, for which the others wait until it joins again.',
          ru: 'У участника, занятого записью, идут два срока: сессия, которую продлевает каждый heartbeat, даже если ответ на него — REBALANCE_IN_PROGRESS, и rebalanceTimeout — столько остальные ждут, пока он войдёт заново.',
        },
        try: {
          en: 'Go on sending heartbeats after REBALANCE_IN_PROGRESS, and leave rebalanceTimeout at 60 s, or longer than a record takes.',
          ru: 'Отправляйте heartbeat и после REBALANCE_IN_PROGRESS, а rebalanceTimeout оставьте равным 60 с или сделайте больше, чем занимает запись.',
        },
      },
      early: {
        en: 'The worker joined again while onRecord was still at work on a record.',
        ru: 'Воркер вошёл заново, когда onRecord ещё работала над записью.',
        why: {
          en: 'After the rebalance the partition may belong to another, who begins at the committed offset: with this very record.',
          ru: 'После ребалансировки партиция может достаться другому, а он начнёт с зафиксированного смещения, то есть с этой самой записи.',
        },
        try: {
          en: 'Catch the error of the heartbeat that you send in between; it comes again after the record.',
          ru: 'Перехватывайте ошибку того heartbeat, который отправляете посреди записи; после записи она повторится.',
        },
      },
      stuck: {
        en: 'The record was done, and the worker did not join again within {seconds} s.',
        ru: 'Запись закончена, а воркер не вошёл заново за {seconds} с.',
        try: {
          en: 'Let the error of the heartbeat after a record through: it is how kafkajs learns that it has to join.',
          ru: 'Не перехватывайте ошибку heartbeat, который идёт после записи: по ней kafkajs узнаёт, что нужно войти заново.',
        },
      },
    },
    hints: heartbeatHints,
  },
} as const satisfies Record<string, TestText>
