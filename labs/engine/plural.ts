/**
 * Numbers in sentences: "1 check, 5 checks"; «1 проверка, 2 проверки, 5 проверок».
 *
 * Which form goes with which number is CLDR's knowledge, and Node has it: Intl.PluralRules. A text names its forms
 * next to the fact that chooses between them:
 *
 *   en: '{held} {held:check|checks} passed'             one | other
 *   ru: '{held} {held:проверка|проверки|проверок}'      one | few | many   (1, 21 | 2, 3, 4, 22 | 0, 5, 11)
 *
 * A fraction in Russian takes the genitive singular, which is the form for "few": «1,5 секунды».
 */
import type { Lang, Text } from './text.ts'

type Fact = string | number | Text

const rules = { en: new Intl.PluralRules('en'), ru: new Intl.PluralRules('ru') }
const formIndex: Readonly<Record<Lang, Partial<Record<Intl.LDMLPluralRule, number>>>> = {
  en: { one: 0, other: 1 },
  ru: { one: 0, few: 1, other: 1, many: 2 },
}

/** The form that goes with `count`: of two in English (one, other), of three in Russian (one, few, many). */
export function plural(count: number, lang: Lang, forms: readonly string[]): string {
  const index = formIndex[lang][rules[lang].select(Math.abs(count))] ?? forms.length - 1
  return forms[index] ?? forms.at(-1) ?? ''
}

/** A number as the language writes it: 1.5 is «1,5» in Russian. Digits are not grouped: offsets are read digit by digit. */
export function numberIn(lang: Lang, value: number): string {
  const text = String(value)
  return lang === 'ru' && Number.isFinite(value) ? text.replace('.', ',') : text
}

/** Fills `{name}` and chooses at `{name:form|form}`. A fact that is not there stays visible: no word may break grading. */
export function fillIn(template: string, lang: Lang, facts: Readonly<Record<string, Fact>>): string {
  return template.replace(/\{(\w+)(?::([^{}]*))?\}/g, (whole, name: string, forms: string | undefined) => {
    const fact = facts[name]
    if (fact === undefined) return whole
    if (forms !== undefined) return plural(Number(fact), lang, forms.split('|'))
    if (typeof fact === 'number') return numberIn(lang, fact)
    return typeof fact === 'object' ? fact[lang] : fact
  })
}
