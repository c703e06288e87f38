/** Lab 12: what is checked of two shops in one program; what is said when one disturbs the other. */
import type { TestText } from '../engine/lab.ts'
import { relayHints } from './hints.ts'

const noSharing = {
  en: 'Keep nothing in variables that calls share; what belongs to a call stays in the call.',
  ru: 'Ничего не храните в переменных, общих для вызовов: что относится к вызову, пусть в нём и остаётся.',
} as const

export const apartTests = {
  apart: {
    name: {
      en: 'Two shops with one topic and one client do not disturb each other',
      ru: 'Два магазина с общим топиком и общим клиентом друг другу не мешают',
    },
    promises: ['apart'],
    needs: ['placed', 'again', 'relay-sends', 'stop'],
    says: {
      orders: {
        en: '{name} was called at the same time for two databases, both times for the order {id}. Both calls were fulfilled, and in one of the databases nothing has changed.',
        ru: '{name} вызвали одновременно для двух баз, в обеих — для заказа {id}. Оба вызова завершились успешно, а в одной из баз ничего не изменилось.',
        why: {
          en: 'An id tells orders apart within one database only.',
          ru: 'id различает заказы только внутри одной базы.',
        },
        try: noSharing,
      },
      missing: {
        en: 'Two relays ran in one program, for two databases and one topic. {count} of {wanted} rows of one database are not in the topic.',
        ru: 'В одной программе работали два relay — для двух баз и одного топика. Из строк одной базы ({wanted}) в топике не хватает {count}.',
        why: {
          en: 'The topic does not say which database a relay is for, nor does the client.',
          ru: 'Ни топик, ни клиент не говорят, для какой базы вызван relay.',
        },
        try: noSharing,
      },
      stopped: {
        en: 'Two relays ran in one program, with the same kafka. One of them was stopped; {count} of {wanted} rows that came to the database of the other one afterwards are not in the topic.',
        ru: 'В одной программе с одним kafka работали два relay. Один остановили; из строк, которые потом появились в базе другого ({wanted}), в топике не хватает {count}.',
        why: {
          en: 'stop() closes what belongs to its relay. What both use, a producer for instance, is closed for both.',
          ru: 'stop() закрывает то, чем пользуется её relay. Общее, например продюсер, она закрывает у обоих.',
        },
        try: noSharing,
      },
    },
    hints: relayHints,
  },
} as const satisfies Record<string, TestText>
