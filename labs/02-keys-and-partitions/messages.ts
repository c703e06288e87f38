/** Lab 02: what each test checks, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { hashTests } from './messages-hash.ts'
import { historyTests } from './messages-history.ts'
import { keyTests } from './messages-keys.ts'
import { movedTests } from './messages-moved.ts'
import { partitionTests } from './messages-partition.ts'
import { partitionerTests } from './messages-partitioner.ts'
import { spreadTests } from './messages-spread.ts'
import { wireTests } from './messages-wire.ts'

export const tests = {
  ...hashTests,
  ...partitionTests,
  ...keyTests,
  ...spreadTests,
  ...partitionerTests,
  ...movedTests,
  given: {
    name: {
      en: 'No function changes what it is given, and the same call gives the same again',
      ru: 'Ни одна функция не меняет свои аргументы, и тот же вызов даёт то же самое',
    },
    promises: ['kept'],
    needs: ['string-key', 'no-key'],
    says: {
      again: {
        en: '{call} gave {got} when it was called again; {first} at first.',
        ru: '{call} при повторном вызове дала {got}, а сначала — {first}.',
        try: {
          en: 'Look for what a call leaves behind: bytes turned round in place, a list that was emptied, a variable outside the function.',
          ru: 'Ищите, что остаётся после вызова: байты, переставленные на месте, опустевший список, переменная вне функции.',
        },
      },
    },
  },
  ...historyTests,
  ...wireTests,
} as const satisfies Record<string, TestText>
