/** `npm run measure`: its table, its words, and one short run of it. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type RunningBroker, startBroker } from '../src/node/index.ts'
import type { Figures } from './bench.ts'
import { type Group, groups } from './plan.ts'
import { median, ratios, table } from './report.ts'

const runs = (...perS: number[][]): Figures[][] =>
  perS.map((each) => each.map((recordsPerS) => ({ recordsPerS, p50Ms: 0.25, bytesPerRecord: 100 })))

describe('the table', () => {
  const none = async (): Promise<Figures> => ({ recordsPerS: 0 })
  const group: Group = {
    id: 'x',
    title: { en: 'Which?', ru: 'Какая?' },
    settings: [
      { name: { en: 'one', ru: 'одна' }, run: none },
      { name: { en: 'hundred', ru: 'сто' }, run: none },
    ],
    shows: ['p50Ms', 'megabytesPerS'],
  }

  it('compares figures of one round, and shows the lowest and the highest ratio', () => {
    const measured = runs([1000, 2000, 4000], [5000, 12_000, 16_000])
    expect(ratios(measured, 1)).toEqual([5, 6, 4])
    expect(table(group, measured, 'en')).toEqual([
      'Which?',
      '           records/s  ratio     rounds  p50 ms  MB/s',
      '  one          2,000   1.00               0.25   0.2',
      '  hundred     12,000   5.00  4.00–6.00    0.25   1.2',
    ])
  })

  it('has the numbers of its language', () => {
    const [title, , row] = table(group, runs([1500.4], [3000]), 'ru')
    expect([title, row!.replaceAll(/\s+/g, ' ').trim()]).toEqual(['Какая?', 'одна 1 500 1,00 0,25 0,2'])
  })

  it('takes the middle', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5])
  })
})

describe('the plan', () => {
  const all = groups('localhost:9092', true)

  it('has several settings in each group, with names of their own in both languages', () => {
    for (const { id, settings } of all)
      for (const lang of ['en', 'ru'] as const)
        expect(new Set(settings.map(({ name }) => name[lang])).size, id).toBe(settings.length)
  })

  it('says plurals right', () => {
    const names = all.flatMap(({ settings }) => settings.map(({ name }) => name.ru.replaceAll(/\s/g, ' ')))
    for (const name of ['1 запись', '100 записей', '1 запрос', '10 запросов', '1 партиция', '10 000 байт'])
      expect(names).toContain(name)
  })

  it('leaves kcat out where there is none', () => {
    expect(groups('', false).map(({ id }) => id)).toEqual(
      all.map(({ id }) => id).filter((id) => id !== 'kcat'),
    )
  })
})

describe('a run', { timeout: 120_000 }, () => {
  const program = join(import.meta.dirname, 'measure.ts')
  const run = promisify(execFile)
  const node = (...args: string[]) => run(process.execPath, ['--import', 'tsx', program, ...args])

  async function withBroker(act: (broker: RunningBroker) => Promise<void>): Promise<void> {
    const broker = await startBroker({ config: { 'group.initial.rebalance.delay.ms': '0' } })
    try {
      await act(broker)
    } finally {
      await broker.stop()
    }
  }

  it('measures a cluster that is named, and leaves nothing there', async () => {
    await withBroker(async (broker) => {
      for (const only of ['batch', 'commits']) {
        const args = ['--bootstrap', broker.bootstrap, '--only', only, '--rounds', '1', '--run-ms', '50']
        const { stdout } = await node(...args, '--lang', 'ru')
        expect(stdout).toMatch(only === 'batch' ? /1\s000 записей .*\d/ : /после каждой записи .*\d/)
      }
      const { Kafka, logLevel } = await import('kafkajs')
      const admin = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING }).admin()
      await admin.connect()
      const topics = await admin.listTopics()
      const { groups: left } = await admin.listGroups()
      await admin.disconnect()
      expect([topics.filter((topic) => topic.startsWith('measure')), left]).toEqual([[], []])
    })
  })

  it('says what is wrong with an option, and when nobody answers', async () => {
    await expect(node('--only', 'nothing')).rejects.toMatchObject({ code: 2 })
    await expect(node('--rounds', 'many')).rejects.toMatchObject({ code: 2 })
    await expect(node('--bootstrap', '127.0.0.1:1', '--lang', 'en')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('No broker answers at 127.0.0.1:1'),
    })
  })
})
