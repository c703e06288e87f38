/**
 * Matches a name against a large compiled expression, with pauses so that other clients are served.
 *
 * An expression is compiled to a program whose steps match a letter, fork, or check the surroundings. All paths through
 * the program are followed at once (Thompson, 1968): from letter to letter, the set of reachable steps is computed.
 *
 *   a(b|c)*      1 a -> 2      2 fork 3 6      3 fork 4 5      4 b -> 2      5 c -> 2      6 match
 *   name "ac"    {1} -a-> {2 3 4 5 6} -c-> {2 3 4 5 6}: `match` is in the set at the end
 *
 * re2js does the same, faster, but without pauses (Machine, DFA). The program is the one that re2js has compiled.
 *
 * LONG-MATCH-1  a name of n letters and a program of m steps need at most n · m checks, with a pause after LOOKS_MAX of
 *     them
 */
import type { Steps } from '../turns.ts'

/** A program of re2js: its fields are not a documented API, so the version is pinned. */
export interface Program {
  readonly start: number
  /** Steps by number. */
  readonly inst: readonly ProgramStep[]
}

export interface ProgramStep {
  readonly op: number
  /** The next step. */
  readonly out: number
  /** Of a fork, the other next step; of a check of the surroundings, the condition (ABOUT). */
  readonly arg: number
  matchRune(letter: number): boolean
}

/** re2js Inst.op. */
const FORK = 1
const FORK_MATCH = 2
const CAPTURE = 3
const LOOK_AROUND = 4
const MATCH = 6
const NOTHING = 7
const LETTER = 8
const ONE_LETTER = 9
const ANY_LETTER = 10
const ANY_LETTER_OF_LINE = 11

/** re2js Utils.EMPTY_*: conditions of a check. */
const ABOUT = { lineBegin: 1, lineEnd: 2, textBegin: 4, textEnd: 8, wordEdge: 16, noWordEdge: 32 } as const

const NEW_LINE = 10
/** The position before the first letter and after the last one. */
const NO_LETTER = -1
const LOOKS_MAX = 1000

/** Whether the whole of `name` matches. */
export function* matchInTurns({ start, inst }: Program, name: string): Steps<boolean> {
  const letters = Array.from(name, (letter) => letter.codePointAt(0)!)
  /** By step: the number of the last set that contains it. */
  const seen = new Int32Array(inst.length).fill(-1)
  let looks = 0
  let starts = [start]
  for (let at = 0; at <= letters.length; at++) {
    const letter = letters[at] ?? NO_LETTER
    const about = aboutOf(letters[at - 1] ?? NO_LETTER, letter)
    const next: number[] = []
    const open = starts
    for (let number = open.pop(); number !== undefined; number = open.pop()) {
      if (seen[number] === at) continue
      seen[number] = at
      if (++looks % LOOKS_MAX === 0) yield
      const step = inst[number]!
      switch (step.op) {
        case FORK:
        case FORK_MATCH:
          open.push(step.out, step.arg)
          break
        case CAPTURE:
        case NOTHING:
          open.push(step.out)
          break
        case LOOK_AROUND:
          if ((step.arg & ~about) === 0) open.push(step.out)
          break
        case MATCH:
          if (letter === NO_LETTER) return true
          break
        default:
          if (letter !== NO_LETTER && takes(step, letter)) next.push(step.out)
      }
    }
    if (next.length === 0) return false
    starts = next
  }
  return false
}

function takes(step: ProgramStep, letter: number): boolean {
  switch (step.op) {
    case ANY_LETTER:
      return true
    case ANY_LETTER_OF_LINE:
      return letter !== NEW_LINE
    case LETTER:
    case ONE_LETTER:
      return step.matchRune(letter)
    default:
      return false
  }
}

/** The conditions that are true between two letters. */
function aboutOf(before: number, after: number): number {
  let about = isWord(before) === isWord(after) ? ABOUT.noWordEdge : ABOUT.wordEdge
  if (before === NO_LETTER) about |= ABOUT.textBegin | ABOUT.lineBegin
  if (before === NEW_LINE) about |= ABOUT.lineBegin
  if (after === NO_LETTER) about |= ABOUT.textEnd | ABOUT.lineEnd
  if (after === NEW_LINE) about |= ABOUT.lineEnd
  return about
}

function isWord(letter: number): boolean {
  return letter !== NO_LETTER && /^\w$/.test(String.fromCodePoint(letter))
}
