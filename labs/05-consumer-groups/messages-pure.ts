/** Lab 05: what the tests of `cooperativeRound` and `memberChanges` check, and what is said when it does not hold. */
import type { CaseText, TestText } from '../engine/lab.ts'
import { assignHints, changesHints, roundHints } from './hints.ts'

const twoReaders = {
  en: 'Members go on reading what they own until the answer of this round has reached them. A partition that is given away before its owner has let go of it has two readers.',
  ru: 'Пока ответ этого раунда не дошёл, участники продолжают читать то, чем владеют. Если отдать партицию раньше, чем владелец её отпустил, читателей у неё будет двое.',
} as const

const roundCases = {
  count: {
    en: 'There are {wanted} {wanted:member|members}; the answer has {got} {got:element|elements}.',
    ru: 'Участников: {wanted}, а элементов в ответе: {got}.',
    try: {
      en: 'Build the answer with members.map: who gets nothing in this round has an empty list.',
      ru: 'Стройте ответ через members.map: у кого в этом раунде ничего нет, у того пустой список.',
    },
  },
  order: {
    en: 'The members were {wanted}; the answer has them as {got}.',
    ru: 'Участники шли так: {wanted}; в ответе они идут так: {got}.',
    try: { en: 'Build the answer with members.map.', ru: 'Стройте ответ через members.map.' },
  },
  taken: {
    en: '{id} got {partition}, which {owner} still owns.',
    ru: '{id} получил {partition}, а владеет ею пока {owner}.',
    why: twoReaders,
    try: {
      en: 'Hold a partition back as long as another member names it in `owned`.',
      ru: 'Придержите партицию, пока её называет в `owned` кто-то другой.',
    },
  },
  withheld: {
    en: '{id} did not get {partition}: it is in its target, and no other member owns it.',
    ru: '{id} не получил {partition}: она в его цели, и никто другой ею не владеет.',
    why: {
      en: 'What a member owns and keeps is read without a pause: that is what the protocol is for. And what nobody owns can be given at once.',
      ru: 'То, что участник сохраняет, он читает без перерыва — ради этого протокол и придуман. А то, чем не владеет никто, можно отдать сразу.',
    },
    try: {
      en: 'Find the owner of each partition of the target by topic and partition; hold back only what is owned by another member.',
      ru: 'Для каждой партиции цели найдите владельца по топику и номеру; придержите только то, чем владеет другой.',
    },
  },
  stray: {
    en: '{id} got {partition}, which is not in its target.',
    ru: '{id} получил {partition}, а в его цели её нет.',
    try: {
      en: 'Find the target of a member by its id: the two lists need not be in the same order.',
      ru: 'Ищите цель участника по его id: порядок двух списков может быть разным.',
    },
  },
  kept: {
    en: '{id} still has {partition} after the round; it is not in its target.',
    ru: 'После раунда у {id} всё ещё есть {partition}, а в его цели её нет.',
    why: {
      en: 'The new owner waits until the old one has let go: if it never does, the partition never moves.',
      ru: 'Новый владелец ждёт, пока прежний отпустит: если он не отпустит никогда, партиция никогда и не переедет.',
    },
    try: {
      en: 'Hand out parts of the target only, not of `owned`.',
      ru: 'Раздавайте только из цели, а не из `owned`.',
    },
  },
} as const satisfies Record<string, CaseText>

const moments = {
  en: 'With sessionMs {session} these events should give {wanted}; got {got}.',
  ru: 'При sessionMs {session} из этих событий должно получиться {wanted}, а получилось {got}.',
} as const

const pastOrder = {
  ...moments,
  why: {
    en: 'A removal happens a session after the crash; by then others may have come or gone.',
    ru: 'Удаление происходит через сессию после падения, а за это время кто-то мог прийти или уйти.',
  },
  try: {
    en: 'Collect all moments, then sort them as numbers: sort((a, b) => a - b).',
    ru: 'Соберите все моменты и отсортируйте их как числа: sort((a, b) => a - b).',
  },
} as const

export const pureTests = {
  round: {
    name: {
      en: 'A cooperative round hands out what is free or stays, and holds back what another member still owns',
      ru: 'Cooperative-раунд раздаёт то, что свободно или остаётся, и придерживает то, чем ещё владеет другой',
    },
    promises: ['round', 'round-each'],
    says: roundCases,
    hints: roundHints,
  },
  'changes-dynamic': {
    name: {
      en: 'A worker without an instance id is a new member at each start, and its death is noticed a session later',
      ru: 'Воркер без instance id при каждом запуске — новый участник, а его падение замечают через сессию',
    },
    promises: ['changes', 'dynamic'],
    says: {
      stop: {
        ...moments,
        why: {
          en: 'A member without an instance id says goodbye when it stops: it sends LeaveGroup.',
          ru: 'Участник без instance id, останавливаясь, прощается: отправляет LeaveGroup.',
        },
        try: {
          en: 'A start adds a member and a stop removes it, each at its own moment.',
          ru: 'Запуск добавляет участника, остановка удаляет, и то и другое в свой момент.',
        },
      },
      crash: {
        ...moments,
        why: {
          en: 'Nobody tells the coordinator of a crash: it only hears no heartbeat any more, and waits for the session to pass.',
          ru: 'О падении координатору никто не сообщает: он просто больше не слышит heartbeat и ждёт, пока пройдёт сессия.',
        },
        try: {
          en: 'A crash removes the member at atMs + sessionMs.',
          ru: 'Падение удаляет участника в момент atMs + sessionMs.',
        },
      },
      comeback: {
        ...moments,
        why: {
          en: 'Without an instance id the coordinator does not know that the new member is the old worker. It adds one, and the dead one stays in the group until its session has passed.',
          ru: 'Без instance id координатор не знает, что новый участник — это прежний воркер. Он добавляет нового, а мёртвый числится в группе, пока не пройдёт его сессия.',
        },
        try: {
          en: 'Where instanceId is null, take each event on its own; the name of the worker is unknown to the coordinator.',
          ru: 'Если instanceId равен null, рассматривайте каждое событие само по себе: имени воркера координатор не знает.',
        },
      },
      order: pastOrder,
      mixed: {
        ...moments,
        try: {
          en: 'Go through the events one by one and write down what each adds.',
          ru: 'Пройдите по событиям по одному и выпишите, что добавляет каждое.',
        },
      },
    },
    hints: changesHints,
  },
  'changes-static': {
    name: {
      en: 'A worker with an instance id keeps its place for the length of a session',
      ru: 'За воркером с instance id место сохраняется на время сессии',
    },
    promises: ['static'],
    says: {
      back: {
        ...moments,
        why: {
          en: 'A static member sends no LeaveGroup. If its instance id is back within the session, the coordinator gives it the same place, and nobody else notices.',
          ru: 'Статический участник не отправляет LeaveGroup. Если тот же instance id вернулся, пока сессия не прошла, координатор отдаёт ему прежнее место, и остальные ничего не замечают.',
        },
        try: {
          en: 'When a worker with an instance id stops, only write down since when it is away; decide when it comes back.',
          ru: 'Когда воркер с instance id останавливается, только запишите, с какого момента его нет; решайте, когда он вернётся.',
        },
      },
      heir: {
        ...moments,
        why: {
          en: 'The coordinator knows the instance id, not the worker: a replacement on another machine with the same instance id takes the place over.',
          ru: 'Координатор знает instance id, а не воркера: замена на другой машине с тем же instance id занимает его место.',
        },
        try: {
          en: 'Keep places by instanceId, not by worker.',
          ru: 'Храните места по instanceId, а не по worker.',
        },
      },
      late: {
        ...moments,
        why: {
          en: 'When the session has passed, the member is removed; who starts later is a new member.',
          ru: 'Когда сессия прошла, участника удаляют; кто запустился позже, тот новый участник.',
        },
        try: {
          en: 'If the pause is longer than sessionMs, there are two changes: the removal at the end of the session, and the addition at the start.',
          ru: 'Если пауза длиннее sessionMs, изменений два: удаление в конце сессии и добавление при запуске.',
        },
      },
      gone: {
        ...moments,
        why: {
          en: 'A static member that does not come back is removed too, only later: its partitions are read by nobody until then.',
          ru: 'Статического участника, который не вернулся, тоже удаляют, только позже: до тех пор его партиции не читает никто.',
        },
        try: {
          en: 'After the last event, add the removal of each place that is still empty.',
          ru: 'После последнего события добавьте удаление для каждого места, которое так и пустует.',
        },
      },
      order: pastOrder,
      mixed: {
        ...moments,
        try: {
          en: 'Keep for each instance id whether it runs, or since when it is away.',
          ru: 'Для каждого instance id храните, работает ли он, а если нет — с какого момента.',
        },
      },
    },
    hints: changesHints,
  },
  yours: {
    name: {
      en: 'Arguments and earlier answers stay as they were',
      ru: 'Аргументы и прежние ответы остаются как были',
    },
    promises: ['yours'],
    needs: ['assign-once', 'assign-keep', 'round', 'changes-dynamic', 'changes-static'],
    says: {
      spoilt: {
        en: '{call} was right the first time, and wrong when it was called with the same arguments again.',
        ru: 'В первый раз {call} ответила верно, а на повторный вызов с теми же аргументами — неверно.',
        try: {
          en: 'Keep nothing between calls, and change no argument.',
          ru: 'Ничего не храните между вызовами и не меняйте аргументов.',
        },
      },
    },
    hints: assignHints,
  },
} as const satisfies Record<string, TestText>
