/** What a lab says under vitest, beside its own words and the engine's, in both languages. */
import type { Text } from '../engine/lab.ts'

export const vitestWords = {
  written: {
    en: 'The file loads, and all functions are written',
    ru: 'Файл загружается, и все функции написаны',
  },
  notWrittenYet: {
    en: 'Not written yet: {functions}. Edit {file} and save; the checks that need them are skipped until then.',
    ru: 'Ещё не написано: {functions}. Откройте {file}, допишите и сохраните; до тех пор проверки, которым они нужны, пропускаются.',
  },
  skipped: { en: 'not written yet: {functions}', ru: 'ещё не написано: {functions}' },
  notLoaded: { en: 'the file did not load', ru: 'файл не загрузился' },
  why: { en: 'why', ru: 'почему' },
  try: { en: 'try', ru: 'попробуйте' },
  belief: {
    en: 'A known wrong program gives exactly these results. It is written by someone who believes: “{belief}”',
    ru: 'В точности так же ведёт себя известная неверная программа. Её пишут, когда думают так: «{belief}»',
  },
  lookFirst: { en: 'Look first at: {name}', ru: 'Сначала посмотрите: {name}' },
  again: { en: 'The same inputs again: {command}', ru: 'Те же данные ещё раз: {command}' },
  printed: { en: 'Your code printed:', ru: 'Ваш код напечатал:' },
  cut: {
    en: '… {count} more {count:character|characters}',
    ru: '… ещё {count} {count:символ|символа|символов}',
  },
} as const satisfies Record<string, Text>
