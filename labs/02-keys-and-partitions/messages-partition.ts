/** Lab 02: what the tests of partitionForKey check, and what is said when it does not hold, in both languages. */
import type { CaseText, TestText, Text } from '../engine/lab.ts'
import { formulaHints } from './hints.ts'

/** A formula that gives all the partitions that the learner's function gave. */
const formula = (code: string, why: Text, advice: Text): CaseText => ({
  en: `{wrong} of {all} keys go to another partition than in Kafka; all {all} go where \`${code}\` sends them.`,
  ru: `Не в ту партицию, что в Kafka, {wrong:идёт|идут|идут} {wrong} {wrong:ключ|ключа|ключей} из {all}; все {all} — точно туда, куда их отправляет \`${code}\`.`,
  why,
  try: advice,
})

const maskFirst: Text = {
  en: 'Clear the sign bit first, take the remainder second: `(hash & 0x7fffffff) % n`.',
  ru: 'Сначала обнулите знаковый бит, потом берите остаток: `(hash & 0x7fffffff) % n`.',
}

/** The id is the case; partition-variants.ts holds what each computes. */
export const formulaWords = {
  'no-mask': formula(
    'hash % n',
    {
      en: 'The remainder of a negative number is negative, and there is no partition -2.',
      ru: 'Остаток отрицательного числа отрицателен, а партиции -2 не бывает.',
    },
    maskFirst,
  ),
  abs: formula(
    'Math.abs(hash) % n',
    {
      en: 'Math.abs changes all bits of a negative number, the mask only the highest: -2 becomes 2, and 2147483646 in Kafka.',
      ru: 'Math.abs меняет у отрицательного числа все биты, а маска — только старший: -2 превращается в 2, а у Kafka — в 2147483646.',
    },
    maskFirst,
  ),
  unsigned: formula(
    '(hash >>> 0) % n',
    {
      en: '`>>> 0` keeps the highest bit as 2³¹; Kafka drops it. The remainders agree only if n divides 2³¹.',
      ru: '`>>> 0` сохраняет старший бит как 2³¹, а Kafka его отбрасывает. Остатки совпадут, только если n делит 2³¹.',
    },
    maskFirst,
  ),
  'remainder-first': formula(
    '(hash % n) & 0x7fffffff',
    {
      en: 'The remainder of a negative hash is taken first here, and the mask makes a huge number of it.',
      ru: 'Здесь сначала берётся остаток отрицательного хеша, и маска превращает его в огромное число.',
    },
    { en: `${maskFirst.en} Mind the brackets.`, ru: `${maskFirst.ru} Следите за скобками.` },
  ),
  'mask-last': formula(
    'hash & (0x7fffffff % n)',
    {
      en: '`%` binds tighter than `&`: without brackets the remainder is taken of the mask.',
      ru: '`%` связывает сильнее, чем `&`: без скобок остаток берётся от маски.',
    },
    {
      en: 'Put the mask in brackets: `(hash & 0x7fffffff) % n`.',
      ru: 'Поставьте скобки вокруг маски: `(hash & 0x7fffffff) % n`.',
    },
  ),
  'floor-mod': formula(
    '((hash % n) + n) % n',
    {
      en: 'That is the mathematical remainder. Kafka’s is another for negative hashes, since it clears the sign bit.',
      ru: 'Это математический остаток. Для отрицательных хешей у Kafka он другой: она обнуляет знаковый бит.',
    },
    maskFirst,
  ),
  'half-hash': formula(
    '(hash >>> 1) % n',
    {
      en: 'Shifting drops the lowest bit and moves all others; the mask only clears the highest.',
      ru: 'Сдвиг теряет младший бит и двигает все остальные; маска только обнуляет старший.',
    },
    maskFirst,
  ),
  'from-one': formula(
    '(hash & 0x7fffffff) % n + 1',
    {
      en: 'Partitions are numbered from 0 to n-1.',
      ru: 'Партиции нумеруются от 0 до n-1.',
    },
    { en: 'Return the remainder itself.', ru: 'Возвращайте сам остаток.' },
  ),
  'one-less': formula(
    '(hash & 0x7fffffff) % (n - 1)',
    {
      en: 'The remainders of n are 0 to n-1 already: these are n partitions. With n-1 the last one stays empty.',
      ru: 'Остатки от деления на n — уже числа от 0 до n-1, всего n партиций. С n-1 последняя останется пустой.',
    },
    { en: 'Divide by the number of partitions itself.', ru: 'Делите на само число партиций.' },
  ),
  'low-bits': formula(
    'hash & (n - 1)',
    {
      en: 'This is the remainder only if n is a power of two.',
      ru: 'Это остаток, только если n — степень двойки.',
    },
    { en: 'Use `%`: the number of partitions may be any.', ru: 'Берите `%`: число партиций бывает любым.' },
  ),
  'high-bits': formula(
    'hash >>> (32 - log2(n))',
    {
      en: 'The remainder of a power of two are its lowest bits, not its highest.',
      ru: 'Остаток от деления на степень двойки — это младшие биты, а не старшие.',
    },
    {
      en: 'Powers of two need nothing special: `(hash & 0x7fffffff) % n`.',
      ru: 'Степеням двойки ничего особенного не нужно: `(hash & 0x7fffffff) % n`.',
    },
  ),
  scaled: formula(
    'Math.floor((hash & 0x7fffffff) / 2 ** 31 * n)',
    {
      en: 'Scaling a hash to 0 … n-1 spreads keys as well, but to other partitions than the remainder.',
      ru: 'Если растянуть хеш на 0 … n-1, ключи тоже распределятся, но по другим партициям, чем с остатком.',
    },
    {
      en: 'Kafka takes the remainder: `(hash & 0x7fffffff) % n`.',
      ru: 'Kafka берёт остаток: `(hash & 0x7fffffff) % n`.',
    },
  ),
  'own-hash': {
    en: '{wrong} of {all} keys go to another partition than in Kafka. The formula is right: all {all} are `(murmur2(key) & 0x7fffffff) % n` of your murmur2. It is murmur2 that differs.',
    ru: 'Не в ту партицию, что в Kafka, {wrong:идёт|идут|идут} {wrong} {wrong:ключ|ключа|ключей} из {all}. Формула верна: все {all} — это `(murmur2(key) & 0x7fffffff) % n` от вашей murmur2. Расходится сама murmur2.',
    try: {
      en: 'First make the checks of murmur2 pass: `hash-words`, then `hash-tail`.',
      ru: 'Сначала добейтесь, чтобы прошли проверки murmur2: `hash-words`, затем `hash-tail`.',
    },
  },
} as const satisfies Record<string, CaseText>

const differs: CaseText = {
  en: '{wrong} of {all} keys go to another partition than in Kafka.',
  ru: 'Не в ту партицию, что в Kafka, {wrong:идёт|идут|идут} {wrong} {wrong:ключ|ключа|ключей} из {all}.',
  why: {
    en: 'A key belongs to partition `(murmur2(key) & 0x7fffffff) % n`, in every client that speaks as the Java client does.',
    ru: 'Ключу принадлежит партиция `(murmur2(key) & 0x7fffffff) % n` — в любом клиенте, который считает её как Java-клиент.',
  },
  try: {
    en: 'Take the hash of the whole key and the count that was passed.',
    ru: 'Берите хеш всего ключа и то число партиций, которое передано.',
  },
}

export const partitionTests = {
  'key-positive': {
    name: {
      en: 'partitionForKey: a key with a positive hash goes to hash % partitions',
      ru: 'partitionForKey: ключ с положительным хешем идёт в партицию «хеш % число партиций»',
    },
    promises: ['key-formula'],
    needs: ['hash-words', 'hash-tail'],
    says: { differs, ...formulaWords },
    hints: formulaHints,
  },
  'key-negative': {
    name: {
      en: 'partitionForKey: a negative hash loses its sign bit before the remainder is taken',
      ru: 'partitionForKey: у отрицательного хеша знаковый бит обнуляется до взятия остатка',
    },
    promises: ['key-formula'],
    needs: ['hash-words', 'hash-tail'],
    says: { differs, ...formulaWords },
    hints: formulaHints,
  },
  'key-counts': {
    name: {
      en: 'partitionForKey: any number of partitions from 1 to 10,000, powers of two among them',
      ru: 'partitionForKey: любое число партиций от 1 до 10 000, в том числе степени двойки',
    },
    promises: ['key-counts'],
    needs: ['hash-words', 'hash-tail', 'key-positive', 'key-negative'],
    says: {
      ...formulaWords,
      differs: {
        en: 'With {count} {count:partition|partitions} {wrong} of {all} keys go to another one than in Kafka.',
        ru: 'Когда в топике {count} {count:партиция|партиции|партиций}, не туда, куда в Kafka, {wrong:идёт|идут|идут} {wrong} {wrong:ключ|ключа|ключей} из {all}.',
        why: {
          en: 'The formula is the same for every count: `(murmur2(key) & 0x7fffffff) % n`.',
          ru: 'Формула одна для любого числа партиций: `(murmur2(key) & 0x7fffffff) % n`.',
        },
        try: {
          en: 'Look for a special case, a shortcut or a limit that this count runs into.',
          ru: 'Ищите особый случай, сокращённый путь или предел, на который попадает это число.',
        },
      },
    },
    hints: formulaHints,
  },
  'key-any': {
    name: {
      en: 'partitionForKey: any bytes: none at all, 1 MB, a part of a larger buffer',
      ru: 'partitionForKey: любые байты: ни одного, целый мегабайт, часть большего буфера',
    },
    promises: ['key-any'],
    needs: ['hash-words', 'hash-tail', 'hash-view', 'key-positive', 'key-negative', 'key-counts', 'given'],
    says: {
      empty: {
        en: 'A key of no bytes went to partition {got} of {count}; by your own murmur2 it belongs to {expected}.',
        ru: 'Ключ без единого байта попал в партицию {got} из {count}, а по вашей же murmur2 его место — {expected}.',
        why: {
          en: 'A key of no bytes has a hash like any other.',
          ru: 'У ключа в ноль байт есть хеш, как и у любого другого.',
        },
        try: {
          en: 'No special case is needed: the formula holds for every key.',
          ru: 'Особый случай не нужен: формула годится для любого ключа.',
        },
      },
      large: {
        en: 'A key of {length} bytes went to partition {got} of {count}; by your own murmur2 it belongs to {expected}. Short keys go where they belong.',
        ru: 'Ключ в {length} {length:байт|байта|байт} попал в партицию {got} из {count}, а по вашей же murmur2 его место — {expected}. Короткие ключи идут куда надо.',
        try: {
          en: 'Give murmur2 the key as it is: look for a limit, a cut, a copy of fixed size.',
          ru: 'Передавайте ключ в murmur2 как есть: ищите предел, обрезку, копию постоянного размера.',
        },
      },
      view: {
        en: 'A key of {length} bytes that lies inside a larger buffer went to partition {got} of {count}; by your own murmur2 it belongs to {expected}.',
        ru: 'Ключ в {length} {length:байт|байта|байт}, который лежит внутри большего буфера, попал в партицию {got} из {count}, а по вашей же murmur2 его место — {expected}.',
        why: {
          en: '`key.buffer` is the whole memory; the key is the part of it from `byteOffset` on, `length` bytes long.',
          ru: '`key.buffer` — это вся память, а ключ — её часть: от `byteOffset`, длиной `length` байт.',
        },
        try: {
          en: 'Give murmur2 the key as it is.',
          ru: 'Передавайте ключ в murmur2 как есть.',
        },
      },
      'mixed-up': {
        en: 'A key of {length} bytes went to partition {got} of {count}; by your own murmur2 it belongs to {expected}. Just before, a similar key was asked for, or one with another number of partitions.',
        ru: 'Ключ в {length} {length:байт|байта|байт} попал в партицию {got} из {count}, а по вашей же murmur2 его место — {expected}. Прямо перед этим спрашивали про похожий ключ или про другое число партиций.',
        why: {
          en: 'Different bytes may be the same text: in UTF-8, `ff` and `fe` both become the replacement character. And “key 1” with 23 partitions, “key ” with 123 look alike when written one behind the other.',
          ru: 'Разные байты бывают одним и тем же текстом: при чтении как UTF-8 и `ff`, и `fe` превращаются в символ замены. А «ключ1» с 23 партициями и «ключ» со 123 не отличить, если записать их подряд.',
        },
        try: {
          en: 'Remember nothing between calls: hashing is fast.',
          ru: 'Ничего не запоминайте между вызовами: хеш считается быстро.',
        },
      },
    },
    hints: formulaHints,
  },
} as const satisfies Record<string, TestText>
