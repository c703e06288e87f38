/** The checks of `stuck`: outputs that are put together of partitions of all kinds. */
import type { Dice } from '../engine/dice.ts'
import { compareStuck } from './answers.ts'
import { type Question, questionOf, type Row, type Seen } from './model.ts'
import type { Checks } from './subject.ts'

type StuckId =
  | 'stuck-nobody'
  | 'stuck-still'
  | 'stuck-spares'
  | 'stuck-dash'
  | 'stuck-widths'
  | 'stuck-large'
  | 'stuck-sorted'

type Halves = Pick<Seen, 'before' | 'after'>
type Half = Omit<Row, 'topic' | 'partition'>

/** Two outputs of one partition, by what has become of it. All offsets are below a million, unless `from` says otherwise. */
class Kinds {
  readonly #dice: Dice
  readonly #member: string
  constructor(dice: Dice) {
    this.#dice = dice
    this.#member = `${dice.freshWord()}-${dice.int(100_000, 999_999)}-b1d4-4c1e-9a57-${dice.int(100_000, 999_999)}`
  }

  #offset(): bigint {
    return BigInt(this.#dice.int(100, 900_000))
  }
  #some(): bigint {
    return BigInt(this.#dice.int(2, 90_000))
  }
  #half(committed: bigint | undefined, end: bigint, isOwned = true): Half {
    return { committed, end, member: isOwned ? this.#member : undefined }
  }

  /** Read to the end in the meantime. */
  moving(): Halves {
    const [from, end] = [this.#offset(), this.#offset() + 1_000_000n]
    return { before: this.#half(from, end), after: this.#half(end, end) }
  }
  /** No consumer has it any more, or none had it before either. */
  nobody(): Halves {
    const [from, lag] = [this.#offset(), this.#some()]
    return {
      before: this.#half(from, from + lag, this.#dice.pick([true, false])),
      after: this.#half(from + this.#dice.pick([0n, 1n]), from + lag + this.#some(), false),
    }
  }
  nobodyNew(): Halves {
    const from = this.#offset()
    return { after: this.#half(from, from + this.#some(), false) }
  }
  nobodyIdle(): Halves {
    const from = this.#offset()
    return { before: this.#half(from, from, false), after: this.#half(from, from, false) }
  }
  still(from = this.#offset()): Halves {
    const lag = this.#some()
    const grown = this.#dice.pick([0n, this.#some()])
    return { before: this.#half(from, from + lag), after: this.#half(from, from + lag + grown) }
  }
  /** By so many; the lag has grown. */
  slow(from = this.#offset(), by = this.#some()): Halves {
    const lag = this.#some() + 1_000_000n
    return { before: this.#half(from, from + lag), after: this.#half(from + by, from + by + 2n * lag) }
  }
  idle(): Halves {
    const from = this.#offset()
    return { before: this.#half(from, from), after: this.#half(from, from) }
  }
  justNow(): Halves {
    const from = this.#offset()
    return { before: this.#half(from, from), after: this.#half(from, from + this.#some()) }
  }
  joined(): Halves {
    const from = this.#offset()
    return { after: this.#half(from, from + this.#some()) }
  }
  /** Its offset was reset. */
  back(): Halves {
    const [from, lag] = [this.#offset() + 1_000_000n, this.#some()]
    return { before: this.#half(from, from + lag), after: this.#half(from - this.#some(), from + lag) }
  }
  dashStill(): Halves {
    const end = this.#some()
    return { before: this.#half(undefined, end), after: this.#half(undefined, end + this.#some()) }
  }
  dashEmpty(): Halves {
    return { before: this.#half(undefined, 0n), after: this.#half(undefined, 0n) }
  }
  dashFirst(): Halves {
    const end = this.#some()
    return { before: this.#half(undefined, end), after: this.#half(end - 1n, end) }
  }
}

type Kind = Exclude<keyof Kinds, symbol>

/** Questions that hold each of these kinds at least once, on two topics, in an order of the dice. */
function questionsOf(dice: Dice, kinds: readonly Kind[], count = 6): Question[] {
  return Array.from({ length: count }, () => {
    const make = new Kinds(dice)
    const topics = dice.freshWords(2)
    const taken = new Set<string>()
    const seen = [...kinds, ...kinds].map((kind): Seen => {
      for (;;) {
        const [topic, partition] = [dice.pick(topics), dice.int(0, 40)]
        if (taken.has(`${topic} ${partition}`)) continue
        taken.add(`${topic} ${partition}`)
        return { topic, partition, ...make[kind]() }
      }
    })
    return questionOf(dice.freshWord(), dice.shuffle(seen), dice.freshWord())
  })
}

const readToTheEnd = (one: Seen): Seen => ({ ...one, after: { ...one.after, committed: one.after.end } })

export const stuckChecks: Checks<StuckId> = {
  'stuck-nobody': (t, subject) => {
    const { dice } = t
    const make = new Kinds(dice)
    const many = dice
      .freshWords(26)
      .flatMap((topic) =>
        Array.from({ length: 50 }, (_, partition): Seen => ({ topic, partition, ...make.nobody() })),
      )
    const questions = [
      ...questionsOf(dice, ['nobody', 'nobodyNew', 'moving']),
      questionOf(dice.freshWord(), dice.shuffle(many), dice.freshWord()),
    ]
    compareStuck(t, subject, { questions, twists: ['onlyBefore'] })
  },

  'stuck-still': (t, subject) => {
    const { dice } = t
    const make = new Kinds(dice)
    const standing = questionsOf(dice, ['still', 'moving'])
    // `rice1` and `rice`: partition 4 of the one and 14 of the other are not the same.
    const glued = [4, 5, 6].flatMap((partition): Seen[] => {
      const word = dice.freshWord()
      return [
        { topic: `${word}1`, partition, ...make.still() },
        { topic: word, partition: 10 + partition, ...make.still() },
      ]
    })
    const questions = [
      ...standing,
      // The same first output, and another second one: all has been read to the end.
      ...standing
        .slice(0, 2)
        .map(({ group, seen, clientId }) => questionOf(group, seen.map(readToTheEnd), clientId)),
      questionOf(dice.freshWord(), dice.shuffle(glued), dice.freshWord()),
    ]
    compareStuck(t, subject, { questions, twists: ['glued'] })
  },

  'stuck-spares': (t, subject) => {
    const kinds: Kind[] = ['slow', 'idle', 'justNow', 'joined', 'nobodyIdle', 'back', 'moving']
    const questions = questionsOf(t.dice, kinds)
    compareStuck(t, subject, { questions, twists: ['slow', 'idle', 'justNow', 'noWork'] })
  },

  'stuck-dash': (t, subject) => {
    const questions = questionsOf(t.dice, ['dashStill', 'dashEmpty', 'dashFirst', 'moving'])
    compareStuck(t, subject, { questions, twists: ['dash'] })
  },

  'stuck-widths': (t, subject) => {
    const { dice } = t
    const make = new Kinds(dice)
    const long = (length: number) => `${dice.freshWord()}-${dice.freshWord().repeat(length)}`.slice(0, length)
    const questions = [
      [16, 20],
      [15, 14],
      [249, 255],
      [40, 90],
    ].map(([topicLength = 0, groupLength = 0]) => {
      const topics = [long(topicLength), dice.freshWord()]
      const seen = (['still', 'nobody', 'moving'] as const).flatMap((kind, i) =>
        topics.map((topic): Seen => ({ topic, partition: i, ...make[kind]() })),
      )
      return questionOf(long(groupLength), dice.shuffle(seen), long(groupLength))
    })
    compareStuck<never>(t, subject, { questions, twists: [] })
  },

  'stuck-large': (t, subject) => {
    const { dice } = t
    const make = new Kinds(dice)
    const [topic, group, client] = [dice.freshWord(), dice.freshWord(), dice.freshWord()]
    // Even ones: as numbers, they are what one more would be rounded to.
    const froms = [2n ** 53n, 2n ** 54n + 4n, 2n ** 60n, 2n ** 63n - 2n ** 40n]
    const seen = froms.flatMap((from, i): Seen[] => [
      { topic, partition: i, ...make.slow(from, 1n) },
      { topic, partition: 10 + i, ...make.still(from) },
    ])
    const questions = [questionOf(group, dice.shuffle(seen), client)]
    compareStuck(t, subject, { questions, twists: ['rounded'] })
  },

  'stuck-sorted': (t, subject) => {
    const { dice } = t
    const make = new Kinds(dice)
    const questions = Array.from({ length: 3 }, () => {
      const word = dice.freshWord()
      const kin = [word, `${word}-b`, `${word}.a`, `${word}_c`]
      const topics = [...kin, dice.freshWord(), dice.freshWord().toUpperCase()]
      const seen = topics.flatMap((topic) =>
        [2, 10, dice.int(20, 30), 3].map((partition): Seen => ({ topic, partition, ...make.nobody() })),
      )
      return questionOf(dice.freshWord(), dice.shuffle(seen), dice.freshWord())
    })
    compareStuck(t, subject, { questions, twists: ['sortedAsText'], isOrdered: true })
  },
}
