/** Lab 05: what the page promises, word for word as it stands there. Each sentence is judged by a test; nothing else is. */
import type { Text } from '../engine/lab.ts'

export const promises = {
  once: {
    en: 'Each partition of `topics` goes to exactly one member, to one that subscribes to its topic; a topic without subscribers is left out.',
    ru: 'Каждая партиция из `topics` достаётся ровно одному участнику, и только тому, кто подписан на её топик; топик без подписчиков пропускается.',
  },
  each: {
    en: 'The answer holds one `{ id, partitions }` for each member, in the order of `members`; a member that gets nothing has an empty list.',
    ru: 'В ответе по одному `{ id, partitions }` на каждого участника, в порядке `members`; если участнику ничего не досталось, список пуст.',
  },
  balance: {
    en: 'If one member gets at least two partitions more than another, none of them is of a topic that the other subscribes to.',
    ru: 'Если одному участнику досталось хотя бы на две партиции больше, чем другому, среди них нет партиций топиков, на которые подписан другой.',
  },
  keep: {
    en: 'When all members subscribe to the same topics, those outside `topics` not counted, as many partitions stay with their owners as that balance allows.',
    ru: 'Если все участники подписаны на одни и те же топики, не считая тех, которых нет в `topics`, у владельцев остаётся столько партиций, сколько позволяет это равновесие.',
  },
  still: {
    en: 'What the members own stays exactly as it is when it is complete and balanced already, whatever they subscribe to.',
    ru: 'Если то, чем участники владеют, уже полно и уравновешено, всё остаётся в точности как было, на что бы они ни были подписаны.',
  },
  stale: {
    en: 'All this holds also when `owned` is out of date, and names partitions that do not exist or topics that the member no longer subscribes to.',
    ru: 'Всё это верно и тогда, когда `owned` устарело: в нём могут быть несуществующие партиции и топики, на которые участник больше не подписан.',
  },
  double: {
    en: 'When several members name the same partition, at least the first three of these hold.',
    ru: 'Если одну партицию называют своей несколько участников, верны по крайней мере первые три требования.',
  },
  size: {
    en: 'There are up to 100 members, 50 topics and 2,000 partitions.',
    ru: 'Участников бывает до 100, топиков до 50, партиций до 2000.',
  },
  round: {
    en: 'Each member gets those partitions of its target that no other member owns, and nothing else.',
    ru: 'Каждый участник получает те партиции из своей цели, которыми не владеет никто другой, и ничего больше.',
  },
  'round-each': {
    en: 'The answer holds one `{ id, partitions }` for each member, in the order of `members`, whatever the order of `target` is.',
    ru: 'В ответе по одному `{ id, partitions }` на каждого участника, в порядке `members`, в каком бы порядке ни шла `target`.',
  },
  changes: {
    en: 'Returns the moments at which a member is added to the group or removed from it, in ascending order.',
    ru: 'Возвращает моменты, в которые участника добавляют в группу или удаляют из неё, по возрастанию.',
  },
  dynamic: {
    en: 'A worker without an instance id (`null`) is a new member at each start; when it stops, it leaves at once, and when it crashes, its member is removed `sessionMs` later.',
    ru: 'Воркер без instance id (`null`) при каждом запуске становится новым участником; при остановке он сразу выходит из группы, а после падения его удаляют через `sessionMs`.',
  },
  static: {
    en: 'A worker with an instance id does not leave: when it stops or crashes, its member is removed `sessionMs` later, unless a worker with the same instance id starts before that, which takes the place over without any change.',
    ru: 'Воркер с instance id из группы не выходит: после остановки или падения его участника удаляют через `sessionMs`, если раньше не запустится воркер с тем же instance id, который займёт это место, ничего не меняя.',
  },
  join: {
    en: 'Joins the group `groupId` as a subscriber of `topics`, and resolves to `{ stop }` when it has got its first partitions, which may be none.',
    ru: 'Входит в группу `groupId` с подпиской на `topics` и возвращает `{ stop }`, когда получены первые партиции, пусть даже их ноль.',
  },
  told: {
    en: 'At each rebalance it calls `onAssigned` with all partitions that it has now, with `[]` when there are none, before it hands over a record of them; it need not wait for the promise of `onAssigned`.',
    ru: 'При каждой ребалансировке вызывает `onAssigned` со всеми партициями, которые у воркера теперь есть, а если их нет — с `[]`, и только потом передаёт записи из них; дожидаться промиса `onAssigned` не обязательно.',
  },
  handed: {
    en: 'Hands each record to `onRecord` as `{ topic, partition, offset, value }`, from the oldest one on if the group has committed nothing; the value is a string, or `null` if the record has none.',
    ru: 'Передаёт каждую запись в `onRecord` как `{ topic, partition, offset, value }`, начиная с самой старой, если группа ничего не зафиксировала; value — строка или `null`, если значения нет.',
  },
  'once-in-group': {
    en: 'While workers join and leave, each record is handed over once in the whole group.',
    ru: 'Пока воркеры входят в группу и выходят из неё, каждую запись вся группа получает один раз.',
  },
  one: {
    en: 'Within a partition it waits until the promise of `onRecord` is fulfilled, and only then hands over the next record.',
    ru: 'Следующую запись той же партиции передаёт только после того, как выполнится промис `onRecord` от предыдущей.',
  },
  assignor: {
    en: 'Its assignor is called `sticky-lab`, shares out with your `assign`, and says in the user data of JoinGroup what the member owns, as JSON: `{"orders":[0,3]}`, at first `{}`.',
    ru: 'Распределитель называется `sticky-lab`, делит партиции с помощью вашей `assign` и сообщает в user data запроса JoinGroup, чем участник владеет, в виде JSON: `{"orders":[0,3]}`, вначале `{}`.',
  },
  rolling: {
    en: 'Members may subscribe to different topics, as in a rolling update: topics that the leader itself does not read are shared out too.',
    ru: 'Участники могут быть подписаны на разные топики, как во время постепенного обновления: топики, которые сам лидер не читает, тоже распределяются.',
  },
  beats: {
    en: 'When it is idle, it sends a heartbeat every `heartbeatMs` milliseconds, or up to half a second later.',
    ru: 'Когда читать нечего, отправляет heartbeat каждые `heartbeatMs` миллисекунд или не более чем на полсекунды позже.',
  },
  slow: {
    en: '`onRecord` may take longer than `sessionMs`, up to 30 seconds: heartbeats go on meanwhile, and the worker stays in the group, also while this rebalances.',
    ru: '`onRecord` может работать дольше `sessionMs`, до 30 секунд: heartbeat-запросы всё это время идут, и воркер остаётся в группе, даже если в ней идёт ребалансировка.',
  },
  hears: {
    en: 'If a heartbeat says meanwhile that the group rebalances, the worker finishes the record in hand, commits it, and joins again before it hands over the next one of this partition.',
    ru: 'Если heartbeat тем временем сообщил о ребалансировке, воркер заканчивает текущую запись, фиксирует её и входит заново раньше, чем передаст следующую из этой партиции.',
  },
  finishes: {
    en: '`stop()` hands over no further record, waits for those in hand, and commits everything that has been handled.',
    ru: '`stop()` больше не передаёт записей, дожидается текущих и фиксирует всё обработанное.',
  },
  leaves: {
    en: 'Then it leaves the group with LeaveGroup, so that the others get its partitions at once, not when its session ends.',
    ru: 'Затем выходит из группы запросом LeaveGroup, и остальные получают партиции сразу, а не по истечении сессии.',
  },
  refused: {
    en: 'If the group refuses the member, because the broker does not allow `sessionMs` for instance, `await startWorker(…)` throws.',
    ru: 'Если группа не принимает участника, например брокер не разрешает такое `sessionMs`, `await startWorker(…)` бросает ошибку.',
  },
  closed: {
    en: 'A second after `stop()` is fulfilled, or `startWorker` has thrown, all connections of the worker are closed.',
    ru: 'Через секунду после того, как выполнен промис `stop()` или `startWorker` бросила ошибку, все соединения воркера закрыты.',
  },
  yours: {
    en: 'Arguments do not change, nor does what an earlier call has returned.',
    ru: 'Аргументы не меняются, и результаты прошлых вызовов тоже.',
  },
} as const satisfies Record<string, Text>
