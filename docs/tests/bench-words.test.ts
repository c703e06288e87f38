/** What the bench calls its rows, in Russian. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { SITE } from '../scripts/lib/pages.mjs'
import { benchWords } from '../src/beside-kafka/words.ts'

const shown = (text: string) => benchWords(text).ru.replaceAll('\u00a0', ' ')

it.each([
  ['100 B, acks=1, 1 partition', '100 Б, acks=1, 1 партиция'],
  [
    '1 KB, acks=all, 12 partitions, consumed meanwhile',
    '1 КБ, acks=all, 12 партиций, одновременно с чтением',
  ],
  ['10,000 partitions: created and led', '10 000 партиций: созданы, у каждой есть лидер'],
  ['p99, 1 idle connection', 'p99, 1 простаивающее соединение'],
  ['p99, 4,000 requests a second, 2 clients', 'p99, 4 000 запросов в секунду, 2 клиента'],
  ['end-to-end', 'сквозная задержка'],
])('%s is «%s»', (english, russian) => {
  expect(shown(english)).toBe(russian)
})

it('knows every word of the last run', () => {
  const path = join(SITE, '..', 'broker', 'bench', 'results', 'latest.json')
  const { rows } = JSON.parse(readFileSync(path, 'utf8')) as { rows: { group: string; what: string }[] }
  const texts = rows.flatMap(({ group, what }) => [shown(group), shown(what)])
  const english = texts.filter((text) => /[A-Za-z]{2,}/.test(text.replace(/acks=(all|\d)|p\d\d/g, '')))
  expect(english).toEqual([])
})
