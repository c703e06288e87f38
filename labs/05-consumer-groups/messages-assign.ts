/** Lab 05: what the tests of `assign` check, and what is said when it does not hold, in both languages. */
import type { CaseText, TestText } from '../engine/lab.ts'
import { assignHints } from './hints.ts'

/** What can be wrong with any answer of assign, whatever it was asked. */
export const shareCases = {
  count: {
    en: 'There are {wanted} {wanted:member|members}; the answer has {got} {got:element|elements}.',
    ru: 'Участников: {wanted}, а элементов в ответе: {got}.',
    why: {
      en: 'A member that gets nothing is a member all the same: it waits for its turn, and has to be told so.',
      ru: 'Участник, которому ничего не досталось, всё равно участник: он ждёт своей очереди, и ему нужно об этом сказать.',
    },
    try: {
      en: 'Begin with an empty list for each member, and fill them.',
      ru: 'Начните с пустого списка для каждого участника и заполняйте их.',
    },
  },
  order: {
    en: 'The members were {wanted}; the answer has them as {got}.',
    ru: 'Участники шли так: {wanted}; в ответе они идут так: {got}.',
    try: {
      en: 'Build the answer with members.map; sort a copy where you need another order.',
      ru: 'Стройте ответ через members.map; если нужен другой порядок, сортируйте копию.',
    },
  },
  unread: {
    en: '{partition} went to nobody, although {id} subscribes to its topic.',
    ru: '{partition} не досталась никому, хотя на этот топик подписан {id}.',
    why: {
      en: 'Nobody reads a partition that nobody was given. No error is raised; its lag grows.',
      ru: 'Партицию, которую никому не дали, никто не читает. Ошибки при этом нет, растёт только отставание.',
    },
    try: {
      en: 'Begin with all partitions of all topics, and cross off those that somebody has got.',
      ru: 'Начните со всех партиций всех топиков и вычёркивайте те, что кому-то достались.',
    },
  },
  twice: {
    en: '{partition} went to {one} and to {other}.',
    ru: '{partition} досталась и {one}, и {other}.',
    why: {
      en: 'Two readers in one group handle each record twice.',
      ru: 'Два читателя в одной группе обработают каждую запись дважды.',
    },
    try: {
      en: 'Cross a partition off as soon as somebody has got it; also when two members say that they own it.',
      ru: 'Вычёркивайте партицию, как только она кому-то досталась, в том числе если её называют своей двое.',
    },
  },
  foreign: {
    en: '{id} got {partition}, and does not subscribe to its topic.',
    ru: '{id} получил {partition}, хотя на этот топик не подписан.',
    why: {
      en: 'A client drops a partition of a topic that it did not subscribe to, so nobody reads it. This is what a rolling update looks like: half of the members know the new topic.',
      ru: 'Партицию топика, на который клиент не подписан, он отбросит, и её не прочитает никто. Так бывает при постепенном обновлении: новый топик знает половина участников.',
    },
    try: {
      en: 'Look at the topics of a member before you give it anything, and before you let it keep anything.',
      ru: 'Сверяйтесь с topics участника и перед тем как что-то ему дать, и перед тем как что-то ему оставить.',
    },
  },
  unknown: {
    en: '{id} got {partition}, which does not exist.',
    ru: '{id} получил {partition}, а такой партиции нет.',
    why: {
      en: 'What a member says it owns is what it knew last: the topic may have been deleted and made anew with fewer partitions.',
      ru: 'Участник называет то, что знал в последний раз: топик могли удалить и создать заново, уже с меньшим числом партиций.',
    },
    try: {
      en: 'Let a member keep only what is among the partitions of `topics`.',
      ru: 'Оставляйте участнику только то, что есть среди партиций из `topics`.',
    },
  },
  uneven: {
    en: '{fuller} got {more} partitions and {emptier} got {less}, although {emptier} could take {partition}.',
    ru: '{fuller} получил партиций: {more}, а {emptier} — {less}, хотя {partition} мог бы взять {emptier}.',
    why: {
      en: 'A group is as fast as its busiest member.',
      ru: 'Группа работает со скоростью самого загруженного участника.',
    },
    try: {
      en: 'Count over all topics, not for each alone; while one has two more than another that could take one of them, move it.',
      ru: 'Считайте по всем топикам вместе, а не по каждому отдельно; пока у одного на две больше, чем у другого, который мог бы взять одну из них, перекладывайте.',
    },
  },
} as const satisfies Record<string, CaseText>

const moved = {
  en: '{kept} of {owned} partitions stayed with their owners; {possible} could have stayed.',
  ru: 'У владельцев осталось партиций: {kept} из {owned}, а могло остаться {possible}.',
  why: {
    en: 'Each partition that moves costs its new owner a cold cache and everybody a pause. Round-robin deals anew, so that the restart of one member moves nearly everything.',
    ru: 'Каждый переезд — это холодный кеш у нового владельца и пауза для всех. Round-robin сдаёт заново, и перезапуск одного участника перемещает почти всё.',
  },
  try: {
    en: 'First let everybody keep what they have, then give what is free to the emptiest, and only then move, always from the fullest to the emptiest.',
    ru: 'Сначала оставьте каждому то, что у него есть, потом отдайте свободное самым пустым и только затем перекладывайте, каждый раз от самого полного к самому пустому.',
  },
} as const satisfies CaseText

export const assignTests = {
  'assign-once': {
    name: {
      en: 'Each partition goes to one member that subscribes to its topic',
      ru: 'Каждая партиция достаётся одному участнику, который подписан на её топик',
    },
    promises: ['once'],
    says: shareCases,
    hints: assignHints,
  },
  'assign-each': {
    name: {
      en: 'The answer names every member, in the order of the argument, also those that get nothing',
      ru: 'В ответе есть каждый участник, в порядке аргумента, даже если ему ничего не досталось',
    },
    promises: ['each'],
    needs: ['assign-once'],
    says: shareCases,
    hints: assignHints,
  },
  'assign-balance': {
    name: {
      en: 'Nobody has two partitions more than another who could take one of them',
      ru: 'Ни у кого нет на две партиции больше, чем у того, кто мог бы взять одну из них',
    },
    promises: ['balance'],
    needs: ['assign-once'],
    says: shareCases,
    hints: assignHints,
  },
  'assign-keep': {
    name: {
      en: 'As many partitions as possible stay where they are',
      ru: 'Остаётся на месте столько партиций, сколько возможно',
    },
    promises: ['keep', 'still'],
    needs: ['assign-once', 'assign-balance'],
    says: {
      ...shareCases,
      moved,
      stirred: {
        en: 'Everything was complete and balanced, and yet {moved} {moved:partition|partitions} moved.',
        ru: 'Всё было полно и уравновешено, и всё же переехало партиций: {moved}.',
        why: {
          en: 'Groups rebalance when nothing has to move, too: a member may only have asked anew.',
          ru: 'Ребалансировка бывает и тогда, когда перемещать нечего: участник просто спросил заново.',
        },
        try: {
          en: 'Let everybody keep what they have before you look at balance.',
          ru: 'Оставьте каждому то, что у него есть, и только потом смотрите на равновесие.',
        },
      },
    },
    hints: assignHints,
  },
  'assign-stale': {
    name: {
      en: 'What members say they own may be out of date',
      ru: 'То, что участники называют своим, может быть устаревшим',
    },
    promises: ['stale', 'double'],
    needs: ['assign-once', 'assign-balance', 'assign-keep'],
    says: {
      ...shareCases,
      moved: {
        ...moved,
        why: {
          en: 'Some members named partitions that do not exist any more, beside those that they really have. A name that is out of date says nothing about the others.',
          ru: 'Кроме того, что у них действительно есть, некоторые участники назвали партиции, которых больше нет. Одно устаревшее название ничего не говорит об остальных.',
        },
        try: {
          en: 'Skip what is not among the partitions of `topics`, and let the member keep the rest.',
          ru: 'Пропускайте то, чего нет среди партиций из `topics`, а остальное оставляйте участнику.',
        },
      },
    },
    hints: assignHints,
  },
  'assign-many': {
    name: {
      en: 'A hundred members, fifty topics, two thousand partitions',
      ru: 'Сто участников, пятьдесят топиков, две тысячи партиций',
    },
    promises: ['size'],
    needs: ['assign-once', 'assign-balance', 'assign-keep'],
    says: shareCases,
    hints: assignHints,
  },
} as const satisfies Record<string, TestText>
