/**
 * What a function of a lab promises to give, as far as its type goes. The membrane holds every answer against
 * it, so that a test never meets a promise where a number was due, and the learner is told of the type and
 * not of some consequence.
 */
import type { Text } from '../text.ts'
import { APromise, LearnerError } from './values.ts'

export type Shape =
  | 'anything'
  | 'number'
  | 'string'
  | 'boolean'
  | 'bytes'
  | { readonly list: Shape }
  | { readonly oneOf: readonly Shape[] }
  /** A function, and what a call of it gives. */
  | { readonly function: Shape }
  /** An object with these properties; `{ function: … }` among them is a method. */
  | { readonly object: Readonly<Record<string, Shape>> }

/** Whether a value has the shape. Lists are looked at item by item, objects property by property. */
export function fits(value: unknown, shape: Shape): boolean {
  if (shape === 'anything') return true
  if (shape === 'bytes') return value instanceof Uint8Array
  if (typeof shape === 'string') return typeof value === shape
  if ('oneOf' in shape) return shape.oneOf.some((one) => fits(value, one))
  if ('list' in shape) return Array.isArray(value) && value.every((item) => fits(item, shape.list))
  if ('function' in shape) return typeof value === 'function'
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  if (value instanceof APromise || value instanceof LearnerError) return false
  const object = value as Record<string, unknown>
  return Object.entries(shape.object).every(([name, own]) =>
    // What a property that is read later gives is looked at then.
    typeof own === 'object' && 'function' in own ? typeof object[name] === 'function' : name in object,
  )
}

/** The shape in words, as the object of a sentence: "a number". */
export function shapeInWords(shape: Shape): Text {
  if (shape === 'anything') return { en: 'a value', ru: 'значение' }
  if (shape === 'number') return { en: 'a number', ru: 'число' }
  if (shape === 'string') return { en: 'a string', ru: 'строка' }
  if (shape === 'boolean') return { en: 'true or false', ru: 'true или false' }
  if (shape === 'bytes') return { en: 'bytes (a Uint8Array)', ru: 'байты (Uint8Array)' }
  if ('list' in shape) {
    const item = shapeInWords(shape.list)
    return shape.list === 'anything'
      ? { en: 'an array', ru: 'массив' }
      : { en: `an array, each item ${item.en}`, ru: `массив, где каждый элемент — ${item.ru}` }
  }
  if ('oneOf' in shape) {
    const each = shape.oneOf.map(shapeInWords)
    return {
      en: each.map(({ en }) => en).join(' or '),
      ru: each.map(({ ru }) => ru).join(' или '),
    }
  }
  if ('function' in shape) return { en: 'a function', ru: 'функция' }
  const names = Object.keys(shape.object).join(', ')
  return { en: `an object with ${names}`, ru: `объект с полями ${names}` }
}
