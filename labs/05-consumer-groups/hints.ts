/**
 * Lab 05: hints, three for each function and three for heartbeats, leaving and the assignor in a live group.
 * The code of each stands in the solution, line for line (labs/tests/hints.test.ts), so it is run whenever the solution is.
 */
import type { Hints } from '../engine/lab.ts'

export const assignHints: Hints = [
  {
    en: 'Three steps: who keeps what, who gets what is free, who gives something away.',
    ru: 'Три шага: кто что сохраняет, кто получает свободное, кто что отдаёт.',
  },
  {
    en: 'Put all partitions into a map by topic and number. Let each member keep what it owns, if it is in the map and the member subscribes to the topic, and take it out of the map. Give each of the rest to the subscriber that has the fewest. Then, as long as you can, move one from the fullest member to the emptiest that may take it and has at least two fewer. The order matters: from the fullest to the emptiest, nothing moves twice.',
    ru: 'Сложите все партиции в Map по топику и номеру. Оставьте каждому участнику то, чем он владеет, если оно есть в Map и на топик он подписан, и уберите это из Map. Каждую из оставшихся отдайте подписчику, у которого меньше всего. Потом, пока можно, перекладывайте по одной от самого полного к самому пустому, который может её взять и у которого хотя бы на две меньше. Порядок важен: от самого полного к самому пустому ничего не переезжает дважды.',
  },
  {
    en: 'The last step. open holds, for each member, what it has and the set of topics that it reads:',
    ru: 'Последний шаг. open хранит для каждого участника то, что у него есть, и множество топиков, которые он читает:',
    code: `for (const from of [...byCount].reverse()) {
  for (const to of byCount) {
    if (from.partitions.length - to.partitions.length < 2) break
    const at = from.partitions.findIndex(({ topic }) => to.reads.has(topic))
    if (at !== -1) return { from, to, at }
  }
}
return undefined`,
  },
]

export const roundHints: Hints = [
  {
    en: 'For each partition of the target there is one question: does another member own it now?',
    ru: 'По каждой партиции цели вопрос один: владеет ли ею сейчас кто-то другой?',
  },
  {
    en: 'Make a map from the partition to the id of its owner, out of `owned` of all members. A member gets a partition of its target if the map does not have it, or has this member for it. Partitions are objects: make a string of topic and number for the map.',
    ru: 'Постройте Map: партиция → id владельца, из `owned` всех участников. Участник получает партицию своей цели, если её в Map нет или за ней записан он сам. Партиции — объекты, поэтому ключом возьмите строку из топика и номера.',
  },
  {
    en: 'Nearly all of it:',
    ru: 'Почти всё:',
    code: `return members.map(({ id }) => ({
  id,
  partitions: (wanted.get(id) ?? []).filter((one) => (ownerOf.get(keyOf(one)) ?? id) === id),
}))`,
  },
]

export const changesHints: Hints = [
  {
    en: 'Without an instance id each event stands alone. With one, a stop decides nothing yet.',
    ru: 'Без instance id каждое событие само по себе. С ним остановка ещё ничего не решает.',
  },
  {
    en: 'Keep a map from the instance id to what is known of its place: it runs, or it is away since a moment. At a start: no place yet means one change; away for longer than the session means two, the removal and the addition; away for less means none. At the end, whoever is still away is removed a session later. Sort all moments as numbers.',
    ru: 'Храните Map: instance id → что известно о его месте: работает или отсутствует с такого-то момента. При запуске: места ещё нет — одно изменение; отсутствовал дольше сессии — два, удаление и добавление; меньше — ни одного. В конце того, кто всё ещё отсутствует, удаляют через сессию. Отсортируйте все моменты как числа.',
  },
  {
    en: 'What happens at an event. places is the map:',
    ru: 'Что происходит при событии. places — тот самый Map:',
    code: `if (instanceId === null) {
  changes.push(what === 'crashes' ? atMs + sessionMs : atMs)
} else if (what !== 'starts') {
  places.set(instanceId, atMs)
} else {
  const since = places.get(instanceId)
  const isLate = typeof since === 'number' && atMs > since + sessionMs
  if (isLate) changes.push(since + sessionMs)
  if (since === undefined || isLate) changes.push(atMs)
  places.set(instanceId, 'runs')
}`,
  },
]

export const workerHints: Hints = [
  {
    en: 'kafka.consumer takes groupId, sessionTimeout, heartbeatInterval and partitionAssigners; consumer.on tells what happens in the group.',
    ru: 'kafka.consumer принимает groupId, sessionTimeout, heartbeatInterval и partitionAssigners; что происходит в группе, сообщает consumer.on.',
  },
  {
    en: 'Listen to GROUP_JOIN before you connect: each time, keep payload.memberAssignment and call onAssigned with it, as a list. Subscribe with fromBeginning: true. In eachMessage await onRecord: kafkajs takes the next record of the partition when eachMessage has ended, and commits what has been handled.',
    ru: 'Подпишитесь на GROUP_JOIN до connect: каждый раз запоминайте payload.memberAssignment и вызывайте onAssigned с ним в виде списка. Подписывайтесь на топики с fromBeginning: true. В eachMessage дождитесь onRecord: следующую запись партиции kafkajs берёт, когда eachMessage закончилась, и фиксирует обработанное.',
  },
  {
    en: 'The promise that startWorker waits for after run:',
    ru: 'Промис, которого startWorker ждёт после run:',
    code: `const joined = new Promise<void>((resolve, reject) => {
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    owned = payload.memberAssignment
    void onAssigned(listed(owned))
    resolve()
  })
  consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
})`,
  },
]

export const assignorHints: Hints = [
  {
    en: 'An assignor of kafkajs is a function that gets { cluster } and returns { name, version, protocol, assign }. protocol says what your member tells the leader; assign runs if your member is the leader.',
    ru: 'Распределитель для kafkajs — функция, которая получает { cluster } и возвращает { name, version, protocol, assign }. protocol — то, что ваш участник сообщает лидеру; assign работает, если лидер — ваш участник.',
  },
  {
    en: 'protocol returns the name and MemberMetadata.encode({ version, topics, userData }): JSON of the last memberAssignment goes into userData. assign gets all members with their metadata: decode each, take topics and owned from it, load the metadata of all topics with cluster.addMultipleTargetTopics, count partitions with cluster.findTopicPartitionMetadata, call your own assign, and encode each share with MemberAssignment.encode, whose assignment is an object of lists by topic.',
    ru: 'protocol возвращает имя и MemberMetadata.encode({ version, topics, userData }): в userData идёт JSON последнего memberAssignment. assign получает всех участников с их метаданными: декодируйте каждого, возьмите оттуда topics и owned, загрузите метаданные всех топиков через cluster.addMultipleTargetTopics, сосчитайте партиции через cluster.findTopicPartitionMetadata, вызовите свою assign и закодируйте каждую долю через MemberAssignment.encode, где assignment — объект: топик → список номеров.',
  },
  {
    en: 'Inside assign of the assignor:',
    ru: 'Внутри assign распределителя:',
    code: `const told = members.map(({ memberId, memberMetadata }): Member => {
  const { topics = [], userData } = MemberMetadata.decode(memberMetadata) ?? {}
  const said = userData === undefined || userData.length === 0 ? '{}' : userData.toString()
  return { id: memberId, topics, owned: listed(JSON.parse(said) as Record<string, number[]>) }
})
const topics = [...new Set(told.flatMap((member) => member.topics))]
await cluster.addMultipleTargetTopics(topics)`,
  },
]

export const heartbeatHints: Hints = [
  {
    en: 'kafkajs sends heartbeats between records and between fetches, when one is due. Find the times in which it does neither.',
    ru: 'kafkajs отправляет heartbeat между записями и между fetch-запросами, когда пора. Найдите время, когда не происходит ни того ни другого.',
  },
  {
    en: 'For idle times: heartbeatInterval is heartbeatMs, and maxWaitTimeInMs is no longer than that. For a record: eachMessage is given heartbeat(). Call it from a timer while onRecord is at work, and stop the timer afterwards. It throws REBALANCE_IN_PROGRESS when the group rebalances; in the timer there is nothing to be done about that, so catch it there. After the record kafkajs sends a heartbeat itself, hears the same, commits and joins again.',
    ru: 'Для простоя: heartbeatInterval равен heartbeatMs, а maxWaitTimeInMs не больше него. Для записи: eachMessage получает heartbeat(). Вызывайте его по таймеру, пока onRecord работает, а потом таймер остановите. Если в группе ребалансировка, он бросает REBALANCE_IN_PROGRESS; в таймере с этим ничего не сделать, поэтому перехватите там ошибку. После записи kafkajs отправит heartbeat сама, услышит то же, зафиксирует смещения и войдёт заново.',
  },
  {
    en: 'The body of eachMessage:',
    ru: 'Тело eachMessage:',
    code: `const beating = setInterval(() => heartbeat().catch(() => {}), heartbeatMs)
try {
  const value = message.value?.toString() ?? null
  await onRecord({ topic, partition, offset: message.offset, value })
} finally {
  clearInterval(beating)
}`,
  },
]

export const stopHints: Hints = [
  {
    en: 'consumer.disconnect() does more than close. Look at what kafkajs sends when you await it.',
    ru: 'consumer.disconnect() не только закрывает соединения. Посмотрите, что отправляет kafkajs, пока вы его ждёте.',
  },
  {
    en: 'disconnect() takes no further record, waits until eachMessage has ended, commits, sends LeaveGroup and closes. So stop() is this one call, awaited by the caller. If the start fails there is nobody who could call stop(): disconnect there too. And a refusal does not come out of run: the event CRASH tells of it.',
    ru: 'disconnect() не берёт новых записей, ждёт, пока eachMessage закончит, фиксирует смещения, отправляет LeaveGroup и закрывает соединения. Значит, stop() — это один такой вызов, которого дождётся вызывающий. Если запуск не удался, вызвать stop() некому: отключайтесь и там. А отказ не приходит из run: о нём сообщает событие CRASH.',
  },
  {
    en: 'The frame of startWorker:',
    ru: 'Рамка startWorker:',
    code: `  await joined
} catch (error) {
  await consumer.disconnect()
  throw error
}
return { stop: () => consumer.disconnect() }`,
  },
]

/** About the lab as a whole. */
export const labHints: Hints = [
  {
    en: 'Begin with assign: it needs no Kafka, and startWorker calls it. cooperativeRound and memberChanges are a few lines each. startWorker comes last.',
    ru: 'Начните с assign: Kafka ей не нужна, а startWorker её вызывает. cooperativeRound и memberChanges — по несколько строк. startWorker оставьте напоследок.',
  },
  {
    en: 'startWorker is one consumer with four things that kafkajs does not do by itself: an assignor of your own (partitionAssigners), onAssigned at each GROUP_JOIN, heartbeats while onRecord is at work, and an error when the event CRASH comes before the first GROUP_JOIN. stop() is consumer.disconnect().',
    ru: 'startWorker — это один консюмер и четыре вещи, которых kafkajs сама не делает: свой распределитель (partitionAssigners), onAssigned на каждый GROUP_JOIN, heartbeat-запросы во время onRecord и ошибка, если событие CRASH пришло раньше первого GROUP_JOIN. stop() — это consumer.disconnect().',
  },
  {
    en: 'The consumer of startWorker:',
    ru: 'Консюмер в startWorker:',
    code: `const consumer = kafka.consumer({
  groupId,
  sessionTimeout: sessionMs,
  heartbeatInterval: heartbeatMs,
  maxWaitTimeInMs: heartbeatMs,
  partitionAssigners: [stickyAssigner(() => owned)],
})`,
  },
]
