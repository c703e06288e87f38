/** The programs that pages show are run as a reader runs them: with Node, against our broker. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningBroker, startBroker } from '../../broker/src/node/index.ts'
import { SITE } from '../scripts/lib/pages.mjs'

const LINES_MS_MAX = 40_000

describe.concurrent('the programs on the pages', { timeout: 2 * LINES_MS_MAX }, () => {
  let broker: RunningBroker
  const children: ChildProcess[] = []

  beforeAll(async () => {
    broker = await startBroker()
  })
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await broker?.stop()
  })

  /** A program that is running: what it has printed, and a promise of more. */
  function start(name: string, ...words: string[]) {
    const program = join(SITE, 'examples', name)
    const child = spawn(process.execPath, [program, broker.bootstrap, ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(child)
    const ended = once(child, 'close')
    let printed = ''
    let look = () => {}
    child.stdout.on('data', (chunk) => {
      printed += chunk
      look()
    })
    const lines = () => printed.trim().split('\n')
    return {
      lines,
      /** Resolves when this has been printed; rejects when the program ends without it. */
      prints: (text: string | RegExp) =>
        new Promise<void>((resolve, reject) => {
          look = () => {
            if (typeof text === 'string' ? printed.includes(text) : text.test(printed)) resolve()
          }
          look()
          ended.then(() => {
            look()
            reject(new Error(`${name} has ended after: ${printed}`))
          })
        }),
      /** Ctrl-C: it ends by itself. */
      interrupt: async () => {
        child.kill('SIGINT')
        expect(await ended).toEqual([0, null])
        return lines()
      },
      /** Its exit code, when it ends without being asked to. */
      code: async () => (await ended)[0] as number,
    }
  }

  /** Sends to each partition of jobs, again and again, until it has arrived: the members begin at the end. */
  async function sendUntil(hasArrived: () => boolean) {
    const kafka = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING })
    const producer = kafka.producer()
    await producer.connect()
    const messages = [0, 1, 2, 3].map((partition) => ({ partition, value: 'work' }))
    while (!hasArrived()) await producer.send({ topic: 'jobs', messages })
    await producer.disconnect()
  }

  describe('orders.mjs', () => {
    async function run(): Promise<string[]> {
      const program = start('orders.mjs')
      await program.prints('read ')
      return program.interrupt()
    }

    it('makes a topic, sends a record and reads it; a second run goes on where the first has stopped', async () => {
      expect(await run()).toEqual(['sent to partition 1, offset 0', 'read 1:0 anna created'])
      expect(await run()).toEqual(['sent to partition 1, offset 1', 'read 1:1 anna created'])
    })
  })

  describe('commit.mjs and lag.mjs', () => {
    it('handles the record at which it died once more', async () => {
      const first = start('commit.mjs', 'crash')
      expect(await first.code()).toBe(1)
      expect(first.lines()).toEqual(['handled 0: pay 10', 'committed 1', 'handled 1: pay 20'])
      const between = start('lag.mjs')
      expect(await between.code()).toBe(0)
      expect(between.lines()).toEqual(['partition 0: committed 1, end 3, lag 2'])
      const second = start('commit.mjs')
      await second.prints('committed 3')
      expect(await second.interrupt()).toEqual([
        'handled 1: pay 20',
        'committed 2',
        'handled 2: pay 30',
        'committed 3',
      ])
      const after = start('lag.mjs')
      await after.code()
      expect(after.lines()).toEqual(['partition 0: committed 3, end 3, lag 0'])
    })
  })

  describe('group.mjs', () => {
    it('has all partitions, then shares them with a second member, then has them again', async () => {
      const first = start('group.mjs')
      await first.prints('leader, partitions: 0,1,2,3')
      const second = start('group.mjs')
      await second.prints(/follower, partitions: \d,\d\n/)
      await first.prints(/rebalance\nleader, partitions: \d,\d\n/)
      await sendUntil(() => /^\d \d/m.test(second.lines().join('\n')))
      const shares = [first, second].map(({ lines }) =>
        lines()
          .findLast((line) => line.includes('partitions'))!
          .split(': ')[1]!
          .split(','),
      )
      expect(shares.flat().toSorted()).toEqual(['0', '1', '2', '3'])
      await second.interrupt()
      await first.prints(/rebalance\nleader, partitions: 0,1,2,3/)
      await first.interrupt()
    })
  })

  describe('delivery.mjs', () => {
    it.each([
      ['before', ['charged anna (offset 0)'], ['charged vera (offset 2)']],
      [
        'after',
        ['charged anna (offset 0)', 'charged boris (offset 1)'],
        ['charged boris (offset 1)', 'charged vera (offset 2)'],
      ],
    ])('commits %s it charges', async (order, untilCrash, afterwards) => {
      const first = start('delivery.mjs', order, 'crash')
      expect(await first.code()).toBe(1)
      expect(first.lines()).toEqual(untilCrash)
      const second = start('delivery.mjs', order)
      await second.prints('vera')
      expect(await second.interrupt()).toEqual(afterwards)
    })
  })

  describe('transaction.mjs and receipts.mjs', () => {
    it('leaves of the crash an aborted receipt, which read_committed does not get', async () => {
      const first = start('transaction.mjs', 'crash')
      expect(await first.code()).toBe(1)
      expect(first.lines()).toEqual(['committed: tea'])
      const second = start('transaction.mjs')
      await second.prints('committed: bread')
      expect(await second.interrupt()).toEqual(['committed: milk', 'committed: bread'])
      const [committed, all] = [start('receipts.mjs'), start('receipts.mjs', 'uncommitted')]
      for (const reader of [committed, all]) await reader.prints('bread')
      expect(await committed.interrupt()).toEqual(['0 receipt: tea', '4 receipt: milk', '6 receipt: bread'])
      const [tea, ...more] = await all.interrupt()
      expect([tea, ...more]).toEqual([
        '0 receipt: tea',
        '2 receipt: milk',
        '4 receipt: milk',
        '6 receipt: bread',
      ])
    })
  })

  describe('retries.mjs', () => {
    it('goes on past what fails, tries it again, and puts it to the dead letters', async () => {
      const program = start('retries.mjs')
      await program.prints('charged vera')
      await program.prints('bills-dead')
      expect(await program.interrupt()).toEqual([
        'charged anna: 10',
        'boris failed in bills: copied into bills-retry',
        'vera failed in bills: copied into bills-retry',
        'charged gleb: 40',
        'boris failed in bills-retry: copied into bills-dead',
        'charged vera: 30',
      ])
    })
  })

  describe('outbox.mjs', () => {
    it('loses the order of the crash without an outbox, and sends it twice with one', async () => {
      const run = async (...words: string[]) => {
        const program = start('outbox.mjs', ...words)
        return { code: await program.code(), lines: program.lines() }
      }
      expect(await run('direct', 'crash')).toEqual({ code: 1, lines: [''] })
      expect(await run('direct')).toEqual({
        code: 0,
        lines: ['orders in the database: 2, records in the topic: 1'],
      })
      expect(await run('outbox', 'crash')).toEqual({ code: 1, lines: [''] })
      expect(await run('outbox')).toEqual({
        code: 0,
        lines: [
          'sent: order 1, id 1',
          'sent: order 2, id 2',
          'orders in the database: 2, records in the topic: 3',
        ],
      })
    })
  })

  describe('record.mjs', () => {
    it('gets headers, a name twice among them, and null as it was sent', async () => {
      const program = start('record.mjs')
      await program.prints('0:1')
      expect(await program.interrupt()).toEqual([
        '0:0 anna {"amount":10} [traceparent=00-4bf9-01,attempt=1,2] time: as sent',
        '0:1 anna null [] time: now',
      ])
    })
  })

  describe('rewind.mjs', () => {
    it('sets a group to a time, and adds partitions', async () => {
      const program = start('rewind.mjs')
      expect(await program.code()).toBe(0)
      expect(program.lines()).toEqual(['offsets from 0 to 4', 'tariffs begins at 2', 'partitions: 3'])
    })
  })

  describe('overdue.mjs', () => {
    it('tells how many records are behind, and how many of them for too long', async () => {
      const program = start('overdue.mjs')
      expect(await program.code()).toBe(0)
      expect(program.lines()).toEqual(['partition 0: lag 3, older than 5 minutes: 1'])
    })
  })

  describe('cluster.mjs', () => {
    it('names the broker, and the leader of each partition', async () => {
      const program = start('cluster.mjs')
      expect(await program.code()).toBe(0)
      const [first, ...partitions] = program.lines()
      expect(first).toBe(`broker 1: ${broker.bootstrap}`)
      expect(partitions.toSorted()).toEqual([0, 1, 2].map((each) => `tours-${each}: leader 1, replicas 1`))
    })
  })

  describe('late.mjs', () => {
    it('skips what is gone, and begins at the log start', async () => {
      const program = start('late.mjs')
      await program.prints('read 4')
      expect(await program.interrupt()).toEqual([
        'the log goes from 3 to 5, the group is at 1',
        'read 3: thu',
        'read 4: fri',
      ])
    })
  })

  describe('table.mjs', () => {
    it('loses what is overwritten, and keeps the tombstone', async () => {
      const program = start('table.mjs')
      expect(await program.code()).toBe(0)
      expect(program.lines()).toEqual([
        'before: 0 tea=10, 1 milk=20, 2 tea=12, 3 milk=null, 4 bread=30',
        'after: 2 tea=12, 3 milk=null, 4 bread=30',
      ])
    })
  })

  describe('tasks.mjs', () => {
    it('gives all tasks of a partition to one worker, and lets those behind a slow one wait', async () => {
      const program = start('tasks.mjs')
      expect(await program.code()).toBe(0)
      expect(program.lines()).toEqual([
        '4 tasks, 2 workers: one did 4, the other 0',
        'fast tasks behind the slow one waited for it: 2',
      ])
    })
  })

  describe('batching.mjs', () => {
    it('needs a hundred requests, or one', async () => {
      const program = start('batching.mjs')
      expect(await program.code()).toBe(0)
      expect(program.lines()).toEqual([
        '100 calls of send: 100 requests',
        'one call with 100 records: 1 request, offsets from 100 on',
      ])
    })
  })
})
