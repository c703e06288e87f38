/** Lab 13: what the tests of `topicAsAgreed` check, and what is said when it does not hold, in both languages. */
import type { CaseText, TestText } from '../engine/lab.ts'
import { topicHints } from './hints.ts'
import { lineCases } from './messages-shared.ts'

const stateCases = {
  missing: {
    en: 'All lines have run, and there is no topic {topic}.',
    ru: 'Все строки выполнены, а топика {topic} нет.',
    try: {
      en: 'kafka-topics --create makes it; look at the name in your line.',
      ru: 'Его создаёт kafka-topics --create; посмотрите на имя в строке.',
    },
  },
  partitions: {
    en: 'The topic has {got} {got:partition|partitions} afterwards, and should have {wanted}.',
    ru: 'После этого партиций в топике {got}, а должно быть {wanted}.',
    why: {
      en: 'A topic that is created without --partitions gets as many as num.partitions of the broker says, one as a rule. A topic that is there grows by --alter only.',
      ru: 'Топик, созданный без --partitions, получает столько, сколько сказано в num.partitions брокера, обычно одну. Существующий растёт только через --alter.',
    },
    try: {
      en: 'For a new one --create --partitions, for one that is there kafka-topics --alter --partitions.',
      ru: 'Новому — --create --partitions, существующему — kafka-topics --alter --partitions.',
    },
  },
  setting: {
    en: '{name} is {got} afterwards, and should be {wanted}.',
    ru: 'После этого {name} равно {got}, а должно быть {wanted}.',
    why: {
      en: '--config counts for the topic that this very line creates. With --if-not-exists a topic that is there stays as it is, and no error says so.',
      ru: '--config действует на топик, который создаёт эта самая строка. С --if-not-exists существующий топик остаётся каким был, и ошибки об этом не будет.',
    },
    try: {
      en: 'Settings of a topic that is there are changed by kafka-configs --alter --add-config.',
      ru: 'Настройки существующего топика меняет kafka-configs --alter --add-config.',
    },
  },
} as const satisfies Record<string, CaseText>

const cases = { ...lineCases, ...stateCases } as const

export const topicTests = {
  'topic-new': {
    name: {
      en: 'A topic that is not there is created as agreed',
      ru: 'Топик, которого нет, создаётся таким, как договорились',
    },
    promises: ['topic-agreed', 'topic-partitions', 'lines-end'],
    says: cases,
    hints: topicHints,
  },
  'topic-race': {
    name: {
      en: 'It works as well if a colleague has created the topic in the meantime',
      ru: 'Строки работают и тогда, когда топик за это время создал коллега',
    },
    promises: ['topic-race'],
    needs: ['topic-new'],
    says: {
      ...cases,
      failed: {
        en: 'A colleague has created the topic a moment ago, exactly as agreed, and a line ended with exit code {code}: {message}',
        ru: 'Коллега только что создал топик, ровно таким, как договорились, и строка завершилась с кодом {code}: {message}',
        why: {
          en: 'Between looking and acting, others act too. At night and in scripts, trust only lines that do no harm when they run twice.',
          ru: 'Между «посмотрел» и «сделал» успевают и другие. Ночью и в скриптах полагайтесь только на такие строки, которые не страшно выполнить дважды.',
        },
        try: { en: 'Add --if-not-exists to --create.', ru: 'Добавьте к --create ключ --if-not-exists.' },
      },
    },
    hints: topicHints,
  },
  'topic-settles': {
    name: {
      en: 'A topic that is there gets the settings, and keeps its partitions if they are enough',
      ru: 'Существующий топик получает настройки, а партиции, если их хватает, остаются',
    },
    promises: ['topic-agreed', 'topic-partitions', 'lines-end'],
    says: {
      ...cases,
      failed: {
        en: 'The topic has enough partitions, and a line ended with exit code {code}: {message}',
        ru: 'Партиций в топике хватает, а строка завершилась с кодом {code}: {message}',
        try: {
          en: 'kafka-topics --alter --partitions takes only a number that is greater than what there is: compare with existing.partitions first. --create needs a topic that is not there.',
          ru: 'kafka-topics --alter --partitions принимает только число больше нынешнего: сначала сравните с existing.partitions. А для --create топика быть не должно.',
        },
      },
    },
    hints: topicHints,
  },
  'topic-lists': {
    name: {
      en: '`compact,delete` becomes both policies, with a new topic and with one that is there',
      ru: '`compact,delete` даёт обе политики — и новому топику, и существующему',
    },
    promises: ['topic-agreed'],
    needs: ['topic-new', 'topic-settles'],
    says: {
      ...cases,
      failed: {
        en: 'A line with the policies compact,delete ended with exit code {code}: {message}',
        ru: 'Строка с политиками compact,delete завершилась с кодом {code}: {message}',
        why: {
          en: 'kafka-configs takes several settings in one --add-config, with commas between, so a value with commas needs brackets there. kafka-topics takes one setting in each --config, and no brackets.',
          ru: 'В одном --add-config утилита kafka-configs берёт несколько настроек через запятую, поэтому значение с запятыми там пишут в квадратных скобках. У kafka-topics в каждом --config одна настройка, и скобок не надо.',
        },
        try: {
          en: '--add-config cleanup.policy=[compact,delete], and --config cleanup.policy=compact,delete',
          ru: '--add-config cleanup.policy=[compact,delete], но --config cleanup.policy=compact,delete',
        },
      },
    },
    hints: topicHints,
  },
  'topic-grows': {
    name: {
      en: 'A topic with fewer partitions gets as many as agreed',
      ru: 'Топик, где партиций меньше, получает столько, сколько договорились',
    },
    promises: ['topic-partitions'],
    needs: ['topic-settles'],
    says: cases,
    hints: topicHints,
  },
  'topic-keeps': {
    name: {
      en: 'Records and all other settings of a topic that is there stay',
      ru: 'Записи и все остальные настройки существующего топика остаются',
    },
    promises: ['topic-keeps'],
    needs: ['topic-settles', 'topic-grows'],
    says: {
      ...lineCases,
      missing: stateCases.missing,
      recordsGone: {
        en: 'The topic had {count} records before, and has {got} now.',
        ru: 'В топике было записей: {count}, а теперь {got}.',
        why: {
          en: 'A topic that is deleted takes its records along, and all that groups have committed for it.',
          ru: 'Вместе с топиком удаляются его записи и всё, что в нём зафиксировали группы.',
        },
        try: {
          en: 'Partitions are added by kafka-topics --alter; nothing has to be deleted for it.',
          ru: 'Партиции добавляет kafka-topics --alter, удалять для этого ничего не надо.',
        },
      },
      settingGone: {
        en: '{name} was {wanted}, and is {got} now.',
        ru: '{name} было {wanted}, а теперь {got}.',
        why: {
          en: 'Somebody has set this for a reason that is not in your agreement. What was not agreed is not yours to clear away.',
          ru: 'Кто-то задал это не просто так, и в договорённости об этом ничего нет. Не договаривались — значит, убирать не вам.',
        },
        try: {
          en: 'Add your two settings and delete none: --add-config leaves all others as they are.',
          ru: 'Добавьте свои две настройки и ничего не удаляйте: --add-config остальных не трогает.',
        },
      },
    },
    hints: topicHints,
  },
} as const satisfies Record<string, TestText>
