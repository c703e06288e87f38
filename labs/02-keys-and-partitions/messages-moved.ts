/** Lab 02: which keys move when a topic grows: what is checked, and what is said when it does not hold. */
import type { TestText } from '../engine/lab.ts'
import { movedHints } from './hints.ts'

export const movedTests = {
  'moved-keys': {
    name: {
      en: 'movedKeys lists the keys whose partition changes, in the order given',
      ru: 'movedKeys перечисляет ключи, у которых сменится партиция, в исходном порядке',
    },
    promises: ['moved', 'moved-any'],
    needs: ['given', 'hash-words', 'hash-tail', 'key-positive', 'key-negative'],
    says: {
      stays: {
        en: 'From {before} to {after} partitions {expected} of {all} keys move; yours are exactly the {got} others, those that stay.',
        ru: 'При росте с {before} до {after} партиций {expected:переезжает|переезжают|переезжают} {expected} {expected:ключ|ключа|ключей} из {all}; ваши {got} — ровно остальные, те, что остаются.',
        try: {
          en: 'Keep a key when the two partitions differ: `!==`.',
          ru: 'Берите ключ, когда две партиции разные: `!==`.',
        },
      },
      'only-new': {
        en: 'From {before} to {after} partitions {expected} of {all} keys move; you list the {got} that go to a new partition, {before} or above.',
        ru: 'При росте с {before} до {after} партиций {expected:переезжает|переезжают|переезжают} {expected} {expected:ключ|ключа|ключей} из {all}; у вас только {got}, которые идут в новую партицию, с номером от {before}.',
        why: {
          en: 'Another divisor gives another remainder: many keys move from one old partition to another old one.',
          ru: 'Другой делитель даёт другой остаток: многие ключи переезжают из одной старой партиции в другую старую.',
        },
        try: { en: 'Compare the two partitions: `!==`.', ru: 'Сравнивайте две партиции: `!==`.' },
      },
      upward: {
        en: 'From {before} to {after} partitions {expected} of {all} keys move; you list the {got} whose partition number rises.',
        ru: 'При росте с {before} до {after} партиций {expected:переезжает|переезжают|переезжают} {expected} {expected:ключ|ключа|ключей} из {all}; у вас только {got}, у которых номер партиции растёт.',
        why: {
          en: 'Another divisor gives another remainder, higher or lower.',
          ru: 'Другой делитель даёт другой остаток — больше или меньше.',
        },
        try: { en: 'Compare the two partitions: `!==`.', ru: 'Сравнивайте две партиции: `!==`.' },
      },
      'as-latin1': {
        en: 'From {before} to {after} partitions {expected} of {all} keys move; your {got} are those that move if a key is hashed as Latin-1.',
        ru: 'При росте с {before} до {after} партиций {expected:переезжает|переезжают|переезжают} {expected} {expected:ключ|ключа|ключей} из {all}; ваши {got} — те, что переезжают, если хешировать ключ как Latin-1.',
        why: {
          en: 'The partitioner hashes a key as UTF-8; what movedKeys says must be about the same bytes.',
          ru: 'Партиционер хеширует ключ как UTF-8; movedKeys должна говорить о тех же байтах.',
        },
        try: { en: '`Buffer.from(key, "utf8")`.', ru: '`Buffer.from(key, "utf8")`.' },
      },
      'no-proto': {
        en: 'From {before} to {after} partitions {expected} of {all} keys move; only the key `__proto__` is missing from your list.',
        ru: 'При росте с {before} до {after} партиций {expected:переезжает|переезжают|переезжают} {expected} {expected:ключ|ключа|ключей} из {all}; в вашем списке не хватает только ключа `__proto__`.',
        why: {
          en: 'An object made by `{}` is no empty table: it has a `__proto__` already.',
          ru: 'Объект `{}` — не пустая таблица: `__proto__` у него уже есть.',
        },
        try: {
          en: 'What you keep by key, keep in a Map or a Set.',
          ru: 'То, что храните по ключам, храните в Map или Set.',
        },
      },
      'as-composed': {
        en: 'From {before} to {after} partitions {expected} of {all} keys move; your {got} are those that move if the keys are normalized first.',
        ru: 'При росте с {before} до {after} партиций {expected:переезжает|переезжают|переезжают} {expected} {expected:ключ|ключа|ключей} из {all}; ваши {got} — те, что переезжают, если ключи сначала нормализовать.',
        why: {
          en: 'An `é` may be one character or two (`e` and an accent): these are different bytes, and so different keys.',
          ru: 'Буква `é` бывает одним символом или двумя (`e` и надстрочный знак): это разные байты, а значит, разные ключи.',
        },
        try: { en: 'Hash the key as it stands.', ru: 'Хешируйте ключ как есть.' },
      },
      'no-empty': {
        en: 'From {before} to {after} partitions {expected} of {all} keys move; only the empty key is missing from your list.',
        ru: 'При росте с {before} до {after} партиций {expected:переезжает|переезжают|переезжают} {expected} {expected:ключ|ключа|ключей} из {all}; в вашем списке не хватает только пустого ключа.',
        why: {
          en: 'A key of no bytes is a key: it has a partition, and may get another.',
          ru: 'Ключ без единого байта — тоже ключ: у него есть партиция, и она может смениться.',
        },
        try: { en: '`if (key)` is false for an empty string.', ru: '`if (key)` ложно для пустой строки.' },
      },
      'low-byte': {
        en: 'From {before} to {after} partitions {expected} of {all} keys move; your {got} are those whose partitions differ in their lowest 8 bits.',
        ru: 'При росте с {before} до {after} партиций {expected:переезжает|переезжают|переезжают} {expected} {expected:ключ|ключа|ключей} из {all}; ваши {got} — те, у которых партиции различаются в младших 8 битах.',
        why: {
          en: 'A topic may have more than 256 partitions, and a number above 255 does not fit a byte.',
          ru: 'Партиций бывает больше 256, а число больше 255 в байт не помещается.',
        },
        try: {
          en: 'Keep partitions as ordinary numbers: a Uint8Array keeps the remainder of 256.',
          ru: 'Храните номера партиций обычными числами: Uint8Array хранит остаток от деления на 256.',
        },
      },
      prefix: {
        en: 'From {before} to {after} partitions {expected} of {all} keys move; your list stops after the first {got} of them.',
        ru: 'При росте с {before} до {after} партиций {expected:переезжает|переезжают|переезжают} {expected} {expected:ключ|ключа|ключей} из {all}; ваш список обрывается после первых {got}.',
        why: { en: 'The list holds up to 10,000 keys.', ru: 'В списке бывает до 10 000 ключей.' },
        try: {
          en: 'Look for a limit, a `slice`, a `break`.',
          ru: 'Ищите предел, `slice` или `break`.',
        },
      },
      order: {
        en: 'These are the right {expected} keys, but in another order than in the list.',
        ru: 'Ключи верные ({expected}), но порядок не тот, что в списке.',
        try: { en: '`keys.filter(…)` keeps the order.', ru: '`keys.filter(…)` сохраняет порядок.' },
      },
      long: {
        en: 'Of {all} keys of 1,000 to 100,000 characters {expected} move from {before} to {after} partitions, by your own partitionForKey; you list {got}. With short keys your list is right.',
        ru: 'Из {all} {all:ключа|ключей|ключей} длиной от 1000 до 100 000 символов при росте с {before} до {after} партиций {expected:переезжает|переезжают|переезжают} {expected}, если верить вашей же partitionForKey; в вашем списке {got}. С короткими ключами список верен.',
        try: {
          en: 'Compare the partitions of the whole key, whatever its length.',
          ru: 'Сравнивайте партиции ключа целиком, какой бы длины он ни был.',
        },
      },
      'own-partition': {
        en: 'From {before} to {after} partitions {expected} of {all} keys move. Your list is right for your partitionForKey, which is not.',
        ru: 'При росте с {before} до {after} партиций {expected:переезжает|переезжают|переезжают} {expected} {expected:ключ|ключа|ключей} из {all}. Ваш список верен для вашей partitionForKey, но сама она неверна.',
        try: {
          en: 'Look at murmur2 and partitionForKey first. If their own checks pass, what is special about the keys below? They come here as `Buffer.from(key)`, a view into Node’s pool.',
          ru: 'Сначала разберитесь с murmur2 и partitionForKey. Если их собственные проверки проходят, что особенного в ключах ниже? Сюда они приходят как `Buffer.from(key)`, а это часть пула Node.',
        },
      },
      differs: {
        en: 'From {before} to {after} partitions {expected} of {all} keys move; you list {got}. Below: where the lists part.',
        ru: 'При росте с {before} до {after} партиций {expected:переезжает|переезжают|переезжают} {expected} {expected:ключ|ключа|ключей} из {all}; в вашем списке {got}. Ниже — где списки расходятся.',
        why: {
          en: 'A key has moved if its partition among {before} is not its partition among {after}.',
          ru: 'Ключ переехал, если его партиция из {before} — не та же, что из {after}.',
        },
        try: {
          en: 'Compare partitionForKey for both counts, key by key, on the UTF-8 bytes of the key.',
          ru: 'Сравните partitionForKey для обоих чисел, ключ за ключом, на байтах ключа в UTF-8.',
        },
      },
    },
    hints: movedHints,
  },
  'moved-list': {
    name: {
      en: 'movedKeys leaves its list alone and returns a new one each time',
      ru: 'movedKeys не трогает свой список и каждый раз возвращает новый',
    },
    promises: ['moved-own'],
    needs: ['moved-keys'],
    says: {
      frozen: {
        en: 'The caller could not change the array of {got} keys that movedKeys had returned: it is frozen.',
        ru: 'Вызывающий не смог изменить массив, который вернула movedKeys (ключей в нём {got}): он заморожен.',
        why: {
          en: 'The result belongs to the caller, who may sort it, cut it or empty it.',
          ru: 'Результат принадлежит вызывающему: он может его отсортировать, обрезать или очистить.',
        },
        try: {
          en: 'Leave out `Object.freeze`: an array that is made anew in each call needs no protection.',
          ru: 'Уберите `Object.freeze`: массив, который создают заново при каждом вызове, защищать незачем.',
        },
      },
      'given-back': {
        en: 'All {all} keys of the list move, and movedKeys returned the very list that it had been given: when the caller overwrote the result, its own list was overwritten too: {got}.',
        ru: 'Переезжают все ключи списка ({all}), и movedKeys вернула тот самый список, который получила: вызывающий перезаписал результат, и перезаписанным оказался его собственный список: {got}.',
        why: {
          en: 'The list stays the caller’s, and the result becomes the caller’s: two arrays, even if they hold the same.',
          ru: 'Список остаётся у вызывающего, и результат достаётся ему же: это два массива, пусть и с одинаковым содержимым.',
        },
        try: {
          en: 'Make a new array in each call: `keys.filter(…)` does.',
          ru: 'Создавайте новый массив при каждом вызове, как это делает `keys.filter(…)`.',
        },
      },
      'same-list': {
        en: 'The caller put other keys ({all}) into its list and passed the same list again: {got}. The same keys in a new list: {alone}.',
        ru: 'Вызывающий положил в свой список другие ключи ({all}) и снова передал тот же список: {got}. Те же ключи в новом списке: {alone}.',
        why: {
          en: 'An array can change in place: the same object does not mean the same keys.',
          ru: 'Массив можно изменить на месте: тот же объект — не обязательно те же ключи.',
        },
        try: {
          en: 'Keep no results by the list (Map, WeakMap): look at its keys in each call.',
          ru: 'Не храните результаты по списку (Map, WeakMap): смотрите на его ключи при каждом вызове.',
        },
      },
      shared: {
        en: 'The caller emptied the array that movedKeys had returned, and the next call with the same keys gave {got} of {expected} keys.',
        ru: 'Вызывающий очистил массив, который вернула movedKeys, и следующий вызов с теми же ключами вернул {got} {got:ключ|ключа|ключей} из {expected}.',
        why: {
          en: 'An array that is kept and returned again belongs to two callers.',
          ru: 'У массива, который сохранили и вернули ещё раз, два хозяина.',
        },
        try: {
          en: 'Make a new array in each call, an empty one too.',
          ru: 'Создавайте новый массив при каждом вызове, в том числе пустой.',
        },
      },
      grown: {
        en: 'The caller put a number into an empty array that movedKeys had returned; the next call, where no key moves, gave {got}.',
        ru: 'Вызывающий положил число в пустой массив, который вернула movedKeys; следующий вызов, где ни один ключ не переезжает, вернул {got}.',
        why: {
          en: 'An array that is kept and returned again belongs to two callers.',
          ru: 'У массива, который сохранили и вернули ещё раз, два хозяина.',
        },
        try: {
          en: 'Make a new array in each call, an empty one too.',
          ru: 'Создавайте новый массив при каждом вызове, в том числе пустой.',
        },
      },
    },
    hints: movedHints,
  },
} as const satisfies Record<string, TestText>
