/** Lab 02: what a long history of calls shows, and what is said when a call depends on what came before it. */
import type { CaseText, TestText } from '../engine/lab.ts'
import { anewHints, movedHints, partitionerHints } from './hints.ts'

const stale: CaseText = {
  en: '{call} gave {got}, the answer to an earlier call with the same objects: {before}. Asked alone, with values of its own, your code gives {wanted}, as it should.',
  ru: '{call} дала {got} — ответ на более ранний вызов с теми же объектами: {before}. Если спросить об этом отдельно, с собственными значениями, ваш код отвечает верно: {wanted}.',
  why: {
    en: 'Programs use memory, lists and messages again: the object is the same, what is in it is not.',
    ru: 'Программы используют память, списки и сообщения повторно: объект тот же, а внутри уже другое.',
  },
  try: {
    en: 'Remember nothing by object (Map, WeakMap, `===`), and keep no object to compare with later: it changes under your hands.',
    ru: 'Не запоминайте ничего по объекту (Map, WeakMap, `===`) и не храните объект, чтобы сравнить с ним потом: он изменится у вас в руках.',
  },
}

const mixedUp: CaseText = {
  en: '{call} gave {got}, the answer to another question that was asked before: {before}. These two calls alone show it; without the other one your code gives {wanted}, as it should.',
  ru: '{call} дала {got} — ответ на другой вопрос, заданный раньше: {before}. Это видно и на одних этих двух вызовах; без первого из них ваш код отвечает верно: {wanted}.',
  why: {
    en: 'Where answers are kept, what they are found by must tell all questions apart. Different bytes may be one text (a decoder drops a byte order mark, and makes one character of all that is no UTF-8), different lists one line.',
    ru: 'Если ответы хранятся, то, по чему их находят, должно различать все вопросы. Разные байты бывают одним текстом (декодер отбрасывает метку порядка байтов и превращает всё, что не UTF-8, в один символ), разные списки — одной строкой.',
  },
  try: {
    en: 'Keep no answers between calls: computing one takes less time than finding it.',
    ru: 'Не храните ответы между вызовами: посчитать быстрее, чем найти.',
  },
}

const differs: CaseText = {
  en: '{call} gave {got} instead of {wanted}, after the calls below. Asked alone, with values of its own, your code gives {wanted}.',
  ru: '{call} дала {got}, а не {wanted}, после вызовов, показанных ниже. Если спросить об этом отдельно, с собственными значениями, ваш код отвечает {wanted}.',
  try: {
    en: 'What do the calls before it leave behind? Look for variables outside the function, and for objects of the caller’s that are kept or given back.',
    ru: 'Что остаётся от вызовов перед этим? Поищите переменные вне функции и объекты вызывающего, которые вы сохранили или вернули ему же.',
  },
}

const says = { stale, 'mixed-up': mixedUp, differs } as const

export const historyTests = {
  'bytes-any-order': {
    name: {
      en: 'murmur2 and partitionForKey in any order: memory used again, keys that are easily taken for one another',
      ru: 'murmur2 и partitionForKey в любом порядке: память используется снова, ключи легко спутать друг с другом',
    },
    promises: ['hash-anew', 'reused'],
    needs: [
      'hash-words',
      'hash-tail',
      'hash-large',
      'hash-view',
      'hash-anew',
      'key-positive',
      'key-negative',
      'key-counts',
      'key-any',
      'given',
    ],
    says,
    hints: anewHints,
  },
  'partitioner-any-order': {
    name: {
      en: 'Two partitioners in any order: keys that look alike, and messages, lists and memory that are used again',
      ru: 'Два партиционера в любом порядке: похожие ключи, сообщения, списки и память, которые используются снова',
    },
    promises: ['reused', 'key-bytes'],
    needs: [
      'hash-words',
      'hash-tail',
      'hash-large',
      'hash-view',
      'hash-anew',
      'key-any',
      'string-key',
      'utf8-key',
      'exact-key',
      'empty-key',
      'no-key',
      'explicit-partition',
      'metadata-order',
      'growth',
      'topics',
      'given',
      'bytes-any-order',
    ],
    says,
    hints: partitionerHints,
  },
  'moved-any-order': {
    name: {
      en: 'movedKeys in any order: lists that look alike, lists changed in place, results overwritten',
      ru: 'movedKeys в любом порядке: похожие списки, списки, изменённые на месте, перезаписанные результаты',
    },
    promises: ['reused', 'moved-any', 'moved-own'],
    needs: ['hash-anew', 'key-any', 'moved-keys', 'moved-list', 'given', 'bytes-any-order'],
    says,
    hints: movedHints,
  },
} as const satisfies Record<string, TestText>
