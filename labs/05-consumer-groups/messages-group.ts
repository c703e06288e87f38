/** Lab 05: what the tests of a group at work check, and what is said when it does not hold, in both languages. */
import type { CaseText, TestText } from '../engine/lab.ts'
import { assignorHints, workerHints } from './hints.ts'

/** How workers should share what there is. */
export const shareOutCases = {
  untold: {
    en: '{worker} did not hear of {wanted}: onAssigned was last called with {got}.',
    ru: '{worker} не узнал про {wanted}: последний вызов onAssigned был с {got}.',
    why: {
      en: 'Whoever keeps something per partition, a file or a cache, has to know at each rebalance which partitions are his.',
      ru: 'Кто что-то хранит для каждой партиции — файл или кеш, — должен при каждой ребалансировке знать, какие партиции теперь его.',
    },
    try: {
      en: 'Call onAssigned in a listener of consumer.events.GROUP_JOIN, at each event; payload.memberAssignment is an object of lists by topic.',
      ru: 'Вызывайте onAssigned в обработчике consumer.events.GROUP_JOIN на каждое событие; payload.memberAssignment — объект: топик → список номеров.',
    },
  },
  untoldAgain: {
    en: '{worker} took part in {rebalances} {rebalances:rebalance|rebalances}; onAssigned was called {got} {got:time|times}.',
    ru: '{worker} участвовал в ребалансировках: {rebalances}, а onAssigned вызвали {got} {got:раз|раза|раз}.',
    why: {
      en: 'A rebalance that leaves a worker what it had is a rebalance too: whoever keeps something per partition learns only so that it is still his.',
      ru: 'Ребалансировка, после которой у воркера осталось то же, — тоже ребалансировка: кто что-то хранит для каждой партиции, только так узнаёт, что она по-прежнему его.',
    },
    try: {
      en: 'Call onAssigned at every GROUP_JOIN, whether the list has changed or not.',
      ru: 'Вызывайте onAssigned на каждое событие GROUP_JOIN, изменился список или нет.',
    },
  },
  unshared: {
    en: 'Workers {names} are in the group, and their partitions were last {got}; all of {wanted} should be shared out, evenly.',
    ru: 'В группе воркеры {names}, их партиции в последний раз были такими: {got}; поровну разделить нужно все: {wanted}.',
    why: {
      en: 'The partitions of a group belong to its members together: none is left over, none is read twice.',
      ru: 'Партиции группы принадлежат её участникам вместе: ни одна не остаётся лишней, ни одну не читают двое.',
    },
    try: {
      en: 'See which groupId and which topics you pass on, and that your assignor hands the answer of assign back for all members.',
      ru: 'Посмотрите, какие groupId и topics вы передаёте дальше и возвращает ли распределитель ответ assign для всех участников.',
    },
  },
} as const satisfies Record<string, CaseText>

/** What can become of the records of a group. */
export const recordCases = {
  none: {
    en: 'The topic has records, and not one was handed over within {seconds} s.',
    ru: 'Записи в топике есть, а за {seconds} с не передано ни одной.',
    why: {
      en: 'A group that has committed nothing begins at the end, unless subscribe says fromBeginning: true.',
      ru: 'Группа, которая ничего не зафиксировала, начинает с конца, если не подписаться с fromBeginning: true.',
    },
    try: {
      en: 'Look at the arguments of subscribe, and at what calls onRecord.',
      ru: 'Посмотрите на аргументы subscribe и на то, что вызывает onRecord.',
    },
  },
  lost: {
    en: '{got} of {wanted} records were handed to the group; {partition}, offset {offset} was not.',
    ru: 'Группе передано записей: {got} из {wanted}; записи {partition} со смещением {offset} среди них нет.',
    why: {
      en: 'A committed offset says “everything before it is done”. What was committed without being handled comes to nobody any more.',
      ru: 'Зафиксированное смещение значит: «всё, что раньше, сделано». Что зафиксировали, не обработав, не получит уже никто.',
    },
    try: {
      en: 'Await onRecord, so that its record is resolved only when it is done; with eachBatch set eachBatchAutoResolve: false, and resolve each record yourself.',
      ru: 'Дожидайтесь onRecord, чтобы запись отмечалась, только когда она обработана; в eachBatch задайте eachBatchAutoResolve: false и отмечайте каждую запись сами.',
    },
  },
  repeated: {
    en: '{partition}, offset {offset} was handed over {times} {times:time|times} in the group.',
    ru: 'Запись {partition} со смещением {offset} группе передали {times} {times:раз|раза|раз}.',
    why: {
      en: 'Whoever takes a partition over begins at its committed offset. What was handled and not committed is handled again.',
      ru: 'Кто принял партицию, начинает с зафиксированного смещения. Что обработано, но не зафиксировано, обработают ещё раз.',
    },
    try: {
      en: 'Commit what is done before the worker lets go of a partition: before it joins again, before it leaves.',
      ru: 'Фиксируйте сделанное, прежде чем воркер отпустит партицию: до повторного входа и до выхода.',
    },
  },
  foreign: {
    en: 'onRecord got {record}, which was not sent.',
    ru: 'onRecord получила {record}, а такой записи не отправляли.',
    try: {
      en: 'Pass on topic and partition of the payload, and offset and value of its message; the value as a string, null as null.',
      ru: 'Передавайте topic и partition из payload, offset и value — из message; value — строкой, null — как null.',
    },
  },
} as const satisfies Record<string, CaseText>

export const groupTests = {
  share: {
    name: {
      en: 'Workers share the partitions of their group, and each record is handed over once; another group gets everything too',
      ru: 'Воркеры делят партиции своей группы, и каждую запись передают один раз; другая группа тоже получает всё',
    },
    promises: ['join', 'told', 'handed', 'once-in-group'],
    needs: ['beats'],
    says: {
      ...shareOutCases,
      ...recordCases,
      otherGroup: {
        en: 'A worker of another group was given {got} of {wanted} partitions.',
        ru: 'Воркеру другой группы досталось партиций: {got} из {wanted}.',
        why: {
          en: 'Members share within a group. Groups know nothing of each other: each reads everything.',
          ru: 'Делят между собой участники одной группы. Группы друг о друге не знают: каждая читает всё.',
        },
        try: { en: 'Pass settings.groupId on.', ru: 'Передавайте settings.groupId.' },
      },
      skipped: {
        en: 'The group had committed nothing, and the {count} {count:record|records} that were there before it {count:was|were} not handed over.',
        ru: 'Группа ещё ничего не зафиксировала, а записи, которые были до неё ({count}), ей не передали.',
        why: {
          en: 'A group that has committed nothing begins at the end, unless subscribe says fromBeginning: true.',
          ru: 'Группа, которая ничего не зафиксировала, начинает с конца, если не подписаться с fromBeginning: true.',
        },
        try: { en: 'Subscribe with fromBeginning: true.', ru: 'Подпишитесь с fromBeginning: true.' },
      },
      tooSoon: {
        en: 'A record of {partition} was handed to a worker that onAssigned had not told of it.',
        ru: 'Запись из {partition} передали воркеру, которому onAssigned о ней ещё не сообщила.',
        why: {
          en: 'Whoever keeps something per partition prepares it in onAssigned.',
          ru: 'Кто что-то хранит для каждой партиции, готовит это в onAssigned.',
        },
        try: {
          en: 'Call onAssigned at once in the listener of GROUP_JOIN, not later.',
          ru: 'Вызывайте onAssigned сразу в обработчике GROUP_JOIN, а не позже.',
        },
      },
    },
    hints: workerHints,
  },
  'more-members': {
    name: {
      en: 'A worker for which there is no partition is told so, waits in the group, and takes over when another leaves',
      ru: 'Воркер, которому не хватило партиции, узнаёт об этом, ждёт в группе и принимает работу, когда другой уходит',
    },
    promises: ['join', 'told'],
    needs: ['beats', 'share', 'leave'],
    says: {
      ...shareOutCases,
      notIdle: {
        en: 'Three workers share two partitions; onAssigned of the third was last called with {got}, not with [].',
        ru: 'Три воркера делят две партиции; последний вызов onAssigned у третьего был с {got}, а не с [].',
        why: {
          en: 'In one group a partition has one reader at a time: a third member finds nothing to do. It should know that, and whoever watches it too.',
          ru: 'В одной группе у партиции в каждый момент один читатель: третьему участнику делать нечего. Знать об этом должен и он, и тот, кто за ним следит.',
        },
        try: {
          en: 'Call onAssigned at every GROUP_JOIN, with [] when memberAssignment is empty.',
          ru: 'Вызывайте onAssigned на каждое событие GROUP_JOIN; если memberAssignment пуст — с [].',
        },
      },
      notTaken: {
        en: 'stop() was called on a worker that has a partition. {seconds} s later the one that waited has {got}.',
        ru: 'У воркера с партицией вызвали stop(). Через {seconds} с у того, кто ждал, есть {got}.',
        why: {
          en: 'This is what a spare member is for: it takes over when another goes.',
          ru: 'Для того и нужен запасной участник: он принимает работу, когда другой уходит.',
        },
        try: {
          en: 'Keep the consumer of a worker without partitions running: it has to send heartbeats to hear of a rebalance.',
          ru: 'Не останавливайте консюмер воркера без партиций: чтобы узнать о ребалансировке, он должен отправлять heartbeat.',
        },
      },
    },
    hints: workerHints,
  },
  sticky: {
    name: {
      en: 'In a live group everybody keeps what they have, also when the leader is somebody else or leaves',
      ru: 'В живой группе каждый сохраняет своё, даже если лидер не он или лидер ушёл',
    },
    promises: ['assignor'],
    needs: ['assign-once', 'assign-keep', 'beats', 'share'],
    says: {
      ...shareOutCases,
      otherName: {
        en: 'The group speaks the assignor sticky-lab; the worker asked to join with {got} and was refused.',
        ru: 'Распределитель группы — sticky-lab; воркер попросился с {got} и получил отказ.',
        why: {
          en: 'All members of a group have to know one assignor in common, for any of them may become the leader: otherwise INCONSISTENT_GROUP_PROTOCOL.',
          ru: 'У всех участников группы должен быть хотя бы один общий распределитель, ведь лидером может стать любой: иначе INCONSISTENT_GROUP_PROTOCOL.',
        },
        try: {
          en: "Pass partitionAssigners to kafka.consumer, and give name: 'sticky-lab' both in the assignor and in what its protocol() returns.",
          ru: "Передайте partitionAssigners в kafka.consumer и укажите name: 'sticky-lab' и у распределителя, и в том, что возвращает его protocol().",
        },
      },
      notSaid: {
        en: 'When {worker} joined, it had {wanted}; its user data said {got}.',
        ru: 'Когда {worker} входил в группу, у него было {wanted}; в user data он сообщил {got}.',
        why: {
          en: 'The leader may be another program, on another machine. What a member owns the leader knows from the request of that member alone.',
          ru: 'Лидером может быть другая программа на другой машине. Чем участник владеет, лидер знает только из его запроса.',
        },
        try: {
          en: 'Keep memberAssignment of the last GROUP_JOIN, and write it as JSON into userData each time protocol() is called.',
          ru: 'Запоминайте memberAssignment из последнего GROUP_JOIN и записывайте его как JSON в userData при каждом вызове protocol().',
        },
      },
      moved: {
        en: '{worker} had {before} and now has {got}, although its leader could let it keep {could}.',
        ru: 'У {worker} было {before}, а стало {got}, хотя лидер мог оставить ему {could}.',
        why: {
          en: 'A new leader has never shared out before and remembers nothing: all it knows is what the members say now.',
          ru: 'Новый лидер ещё ничего не делил и ничего не помнит: он знает только то, что участники говорят сейчас.',
        },
        try: {
          en: 'In assign() of the assignor decode the metadata of each member, take owned from its userData, and pass it to your assign.',
          ru: 'В assign() распределителя декодируйте метаданные каждого участника, возьмите owned из его userData и передайте своей assign.',
        },
      },
    },
    hints: assignorHints,
  },
  rolling: {
    name: {
      en: 'A topic that the leader does not read is shared out among those who do',
      ru: 'Топик, который лидер не читает, делят между собой те, кто его читает',
    },
    promises: ['rolling'],
    needs: ['assign-once', 'assign-balance', 'beats', 'share'],
    says: {
      ...shareOutCases,
      unread: {
        en: 'Only the second worker subscribes to {topic}, and the leader is the first. {topic} has {wanted} partitions; the second worker was given {got} of them.',
        ru: 'На {topic} подписан только второй воркер, а лидер — первый. Партиций в {topic}: {wanted}; второму воркеру досталось из них {got}.',
        why: {
          en: 'The assignor of kafkajs gets the topics of its own member as `topics`, and its client has loaded the metadata of these alone.',
          ru: 'Распределитель в kafkajs получает в `topics` топики только своего участника, и метаданные его клиент загрузил только для них.',
        },
        try: {
          en: 'Collect the topics from the metadata of all members, and call await cluster.addMultipleTargetTopics(topics) before you count partitions.',
          ru: 'Соберите топики из метаданных всех участников и, прежде чем считать партиции, вызовите await cluster.addMultipleTargetTopics(topics).',
        },
      },
    },
    hints: assignorHints,
  },
  'one-by-one': {
    name: {
      en: 'The next record of a partition comes when the one before is done',
      ru: 'Следующая запись партиции приходит, когда закончена предыдущая',
    },
    promises: ['one'],
    needs: ['share'],
    says: {
      ...shareOutCases,
      ...recordCases,
      early: {
        en: 'onRecord was still at work on {partition}, offset {offset}, when it was called with offset {next}.',
        ru: 'onRecord ещё работала над записью {partition} со смещением {offset}, когда её вызвали со смещением {next}.',
        why: {
          en: 'A partition promises order. Whoever works on two of its records at the same time gives it up, and may commit the second while the first fails.',
          ru: 'Партиция обещает порядок. Кто обрабатывает две её записи одновременно, от него отказывается и может зафиксировать вторую, когда первая не удалась.',
        },
        try: { en: 'Await onRecord in eachMessage.', ru: 'Дождитесь onRecord в eachMessage.' },
      },
      order: {
        en: 'The records of {partition} came in the order {got}.',
        ru: 'Записи {partition} пришли в порядке {got}.',
        try: {
          en: 'Hand records over in the order in which they come.',
          ru: 'Передавайте записи в том порядке, в котором они приходят.',
        },
      },
    },
    hints: workerHints,
  },
} as const satisfies Record<string, TestText>
