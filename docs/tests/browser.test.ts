/**
 * The built site in a real browser: what only a browser can tell. Runs where a Chromium is found; nothing is
 * downloaded for it.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildIfChanged } from '../scripts/build-if-changed.mjs'
import { serveSite } from '../scripts/serve-site.mjs'
import { findChromium, launch } from './chromium.ts'

const chromium = findChromium()
if (chromium === undefined) console.log('skipped: no Chromium found')

const BUILD_MS_MAX = 300_000
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A page of each kind. */
const kinds = [
  '/',
  '/start/',
  '/basics/what-kafka-is/',
  '/basics/keys-and-partitions/',
  '/producers/batching-and-acks/',
  '/consumers/poll-position-commit/',
  '/consumers/groups/',
  '/delivery/at-most-and-at-least-once/',
  '/delivery/transactions/',
  '/delivery/outbox/',
  '/storage/the-record/',
  '/operations/command-line/',
  '/operations/watch-and-configure/',
  '/operations/performance/',
  '/storage/segments-and-retention/',
  '/storage/compaction/',
  '/cluster/brokers-and-metadata/',
  '/cluster/replicas-and-isr/',
  '/around/streams/',
  '/around/connect/',
  '/around/clients/',
  '/around/security/',
  '/around/when-not-kafka/',
  '/building/append-only-log/',
  '/labs/',
  '/labs/02-keys-and-partitions/',
  '/playground/',
  '/progress/',
  '/coverage/',
  '/how-close/',
  '/kept-keys/',
  '/glossary/',
  '/search/',
]

describe.skipIf(chromium === undefined)('the site in a browser', { timeout: 90_000 }, () => {
  let browser: Browser
  let site: { url: string; stop: () => Promise<void> }

  beforeAll(async () => {
    await buildIfChanged()
    site = await serveSite()
    browser = await launch(chromium ?? '')
  }, BUILD_MS_MAX)

  afterAll(async () => {
    await browser?.close()
    await site?.stop()
  })

  /** Opens a page in a fresh profile, gives it to `look`, and fails on any error that the page's scripts threw. */
  async function visit(
    path: string,
    look: (page: Page) => Promise<void>,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<void> {
    const context: BrowserContext = await browser.newContext({ reducedMotion: 'reduce', ...options })
    const page = await context.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    try {
      await page.goto(site.url + path, { waitUntil: 'networkidle' })
      if (options.javaScriptEnabled !== false) await page.locator('html[data-has-hydrated=true]').waitFor()
      await look(page)
      expect(errors).toEqual([])
    } finally {
      await context.close()
    }
  }

  describe('the playground', () => {
    it.each([
      ['/playground/', 'Send', 'Read all', 'partition 1', 'offset 1', 'Records read: 2'],
      ['/ru/playground/', 'Отправить', 'Прочитать всё', 'партиция 1', 'смещение 1', 'Прочитано записей: 2'],
    ])('%s sends and reads', async (path, send, readAll, partition, offset, read) => {
      await visit(path, async (page) => {
        const status = page.locator('.oz-playground [role=status]')
        await page.getByRole('button', { name: send, exact: true }).click()
        await page.getByRole('button', { name: send, exact: true }).click()
        await status.filter({ hasText: offset }).waitFor()
        expect(await status.textContent()).toContain(partition)
        await page.getByRole('button', { name: readAll }).first().click()
        await status.filter({ hasText: read }).waitFor()
      })
    })

    it('is used by keyboard alone', async () => {
      await visit('/playground/', async (page) => {
        await page.locator('input[name=key]').focus()
        await page.keyboard.press('Control+A')
        await page.keyboard.type('maria')
        await page.keyboard.press('Enter')
        await page
          .locator('[role=status]')
          .filter({ hasText: 'maria: stored in partition 0 at offset 0' })
          .waitFor()
      })
    })

    it('says why a key goes where it goes, before it is sent and after', async () => {
      await visit('/playground/', async (page) => {
        const steps = 'murmur2(anna) = -1408603945, & 0x7fffffff = 738879703, % 3 = 1'
        await page.locator('form').getByText(steps).waitFor()
        await page.getByRole('button', { name: 'Send', exact: true }).click()
        await page.locator('[role=status]').filter({ hasText: steps }).waitFor()
      })
    })

    it('scrolls a row to the newest record', async () => {
      await visit(
        '/playground/',
        async (page) => {
          const send = page.getByRole('button', { name: 'Send', exact: true })
          for (let sent = 0; sent < 12; sent++) await send.click()
          const newest = page.locator('.oz-playground li', { hasText: /^anna 1211/ })
          await newest.waitFor()
          const [cell, strip] = [await newest.boundingBox(), await newest.locator('../..').boundingBox()]
          expect(cell!.x).toBeGreaterThanOrEqual(strip!.x)
          expect(cell!.x).toBeLessThan(strip!.x + strip!.width)
        },
        { viewport: { width: 360, height: 740 } },
      )
    })

    it('has two readers; one that waits says which record it got', async () => {
      await visit('/playground/', async (page) => {
        const [a, b] = ['Reader A', 'Reader B'].map((name) => page.getByRole('region', { name }))
        const status = page.locator('[role=status]')
        await a!.getByRole('button', { name: 'Read all' }).click()
        await a!.getByText('its fetch waits').waitFor()
        await page.getByRole('button', { name: 'Send', exact: true }).click()
        await status.filter({ hasText: 'Reader A was waiting: this record (1:0)' }).waitFor()
        expect(await status.textContent()).toContain('anna: stored in partition 1 at offset 0')
        expect(await a!.getByRole('listitem').count()).toBe(1)
        expect(await b!.getByRole('listitem').count()).toBe(0)
        await b!.getByRole('button', { name: 'Read all' }).click()
        await status.filter({ hasText: 'Reader B. Records read: 1' }).waitFor()
      })
    })

    it('shows frames field by field, with the bytes of each', async () => {
      await visit('/playground/', async (page) => {
        await page.getByRole('button', { name: 'Send', exact: true }).click()
        await page.locator('summary', { hasText: 'On the wire' }).click()
        await page.getByText('producer: request').first().click()
        const row = page.locator('tr', { hasText: 'clientId' })
        expect(await row.locator('td').allTextContents()).toEqual([
          '00 08 70 72 6f 64 75 63 65 72',
          'clientId',
          '"producer"',
        ])
        await page.locator('tr', { hasText: 'header of the batch' }).waitFor()
        await page.addScriptTag({ content: axeSource })
        expect(await objections(page)).toEqual([])
        await page.setViewportSize({ width: 360, height: 740 })
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
      })
    })

    it('shows a picture where there is no JavaScript', async () => {
      await visit(
        '/playground/',
        async (page) => {
          expect(await page.locator('figcaption').textContent()).toContain('needs JavaScript')
        },
        { javaScriptEnabled: false },
      )
    })
  })

  describe('the figures', () => {
    it.each([
      ['/consumers/poll-position-commit/', 'Crash', 'The broker keeps nothing.'],
      ['/ru/consumers/poll-position-commit/', 'Упасть', 'На брокере — ничего.'],
    ])('%s: a poll moves the position, a crash takes it', async (path, crash, told) => {
      await visit(path, async (page) => {
        const figure = page.locator('.oz-story')
        const status = figure.getByRole('status')
        await figure.getByRole('button', { name: 'poll()' }).click()
        await status.filter({ hasText: '3' }).waitFor()
        await figure.getByRole('button', { name: crash, exact: true }).click()
        await status.filter({ hasText: told }).waitFor()
      })
    })

    it.each([
      ['/delivery/at-most-and-at-least-once/', 'before handling', 'Next step', 'Crash now', 'lost:2'],
      [
        '/ru/delivery/at-most-and-at-least-once/',
        'до обработки',
        'Следующий шаг',
        'Упасть сейчас',
        'потеряно:2',
      ],
    ])('%s: what was committed and not handled is lost', async (path, before, step, crash, lost) => {
      await visit(path, async (page) => {
        const figure = page.locator('.oz-story')
        await figure.getByLabel(before).check()
        const next = figure.getByRole('button', { name: step })
        for (const done of ['poll', 'commit', 'handle']) {
          await figure.locator('li[data-next=true]', { hasText: done }).waitFor()
          await next.click()
        }
        await figure.locator('li[data-next=true]', { hasText: 'handle' }).waitFor()
        await figure.getByRole('button', { name: crash }).click()
        await figure.locator('dl', { hasText: lost }).waitFor()
      })
    })

    it.each([
      ['/consumers/groups/', 'A new member', 'Member C'],
      ['/ru/consumers/groups/', 'Новый участник', 'Участник C'],
    ])('%s: a new member gets its share under each protocol', async (path, add, name) => {
      await visit(path, async (page) => {
        const figure = page.locator('.oz-story')
        await figure.getByRole('button', { name: add }).click()
        const member = figure.getByRole('listitem', { name })
        for (let protocol = 0; protocol < 3; protocol++) {
          await figure.getByRole('radio').nth(protocol).check()
          await member.filter({ hasText: /\d, \d|(reads|читает) \d/ }).waitFor()
        }
      })
    })

    it('read_committed stops before an open transaction; a first instance is fenced by a second', async () => {
      await visit('/delivery/transactions/', async (page) => {
        const figure = page.locator('.oz-story')
        const press = (name: string) => figure.getByRole('button', { name }).click()
        await press('Send in the transaction')
        await figure
          .locator('dl', { hasText: 'read_uncommitted gets:0read_committed gets:nothing' })
          .waitFor()
        await press('A second instance starts')
        await press('The first instance commits')
        await figure.getByRole('status').filter({ hasText: 'PRODUCER_FENCED' }).waitFor()
      })
    })

    it('the bytes of a record follow what is typed', async () => {
      await visit('/storage/the-record/', async (page) => {
        const figure = page.locator('.oz-story')
        await figure.getByLabel('Value', { exact: true }).fill('abc')
        await figure.locator('tr', { hasText: '61 62 63' }).filter({ hasText: '"abc"' }).waitFor()
        await figure.getByRole('checkbox').check()
        await figure.locator('tr', { hasText: 'key length' }).filter({ hasText: '-1' }).waitFor()
      })
    })

    it('a retry doubles a record, unless the producer is idempotent', async () => {
      await visit('/producers/batching-and-acks/', async (page) => {
        const figure = page.locator('.oz-story').last()
        await figure.getByRole('button', { name: 'Send, and lose the answer' }).click()
        await figure.getByRole('button', { name: 'Retry' }).click()
        await figure.getByRole('status').filter({ hasText: 'written twice:1' }).waitFor()
        await figure.getByRole('checkbox').check()
        await figure.getByRole('status').filter({ hasText: 'written twice:0' }).waitFor()
      })
    })
  })

  describe('search', () => {
    it.each([
      ['/ru/', 'партициями', 'Ключи и партиции'],
      ['/ru/', 'оффсет', 'Топик, партиция, смещение'],
      ['/ru/', 'закоммитить', 'Топик, партиция, смещение'],
      ['/ru/', 'коммитить', 'Топик, партиция, смещение'],
      ['/ru/', 'докер', 'Настоящая Kafka рядом'],
      ['/ru/', 'докере', 'Настоящая Kafka рядом'],
      ['/', 'partitioners', 'Keys and partitions'],
    ])('on %s finds by «%s»', async (home, word, title) => {
      await visit(`${home}search/?q=${encodeURIComponent(word)}`, async (page) => {
        await page.locator('article').filter({ hasText: title }).first().waitFor()
      })
    })
  })

  it.each([
    ['/no-such-page/', 'No such page'],
    ['/ru/no-such-page/', 'Такой страницы нет'],
  ])('%s says so in its own words', async (path, title) => {
    await visit(path, async (page) => {
      expect(await page.locator('h1').textContent()).toBe(title)
    })
  })

  it('keeps the table of mistakes closed until it is asked for', async () => {
    await visit('/ru/labs/02-keys-and-partitions/', async (page) => {
      const table = page.locator('table', { hasText: '✕' })
      expect(await table.isVisible()).toBe(false)
      await page.getByText('Показать таблицу').click()
      expect(await table.isVisible()).toBe(true)
    })
  })

  it('keeps the page when the language is switched', async () => {
    await visit('/basics/keys-and-partitions/', async (page) => {
      await page.locator('.navbar .dropdown').hover()
      await page.locator('.navbar .dropdown a', { hasText: 'Русский' }).click()
      await page.waitForURL('**/ru/basics/keys-and-partitions/')
      expect(await page.locator('h1').textContent()).toBe('Ключи и\u00a0партиции')
      expect(await page.locator('html').getAttribute('lang')).toBe('ru')
    })
  })

  describe('the definition of a term', () => {
    const path = '/ru/basics/what-kafka-is/'
    const parts = (page: Page) => ({
      word: page.locator('a[href*="/glossary/#partition"]').first(),
      tip: page.locator('[role=tooltip][data-open=true]'),
    })

    it('is shown when the keyboard focuses the word, and goes on Escape', async () => {
      await visit(path, async (page) => {
        const { word, tip } = parts(page)
        await word.focus()
        expect(await tip.textContent()).toContain('Журнал записей')
        await page.keyboard.press('Escape')
        expect(await tip.count()).toBe(0)
      })
    })

    it('is shown under the mouse, stays while the mouse is on it, and goes with the mouse', async () => {
      await visit(path, async (page) => {
        const { word, tip } = parts(page)
        await word.scrollIntoViewIfNeeded()
        const { x, y, width, height } = (await word.boundingBox())!
        await page.mouse.move(x + width / 2, y + height / 2)
        await tip.waitFor()
        expect(await tip.textContent()).toContain('Журнал записей')
        const box = (await tip.boundingBox())!
        await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 8 })
        expect(await tip.count()).toBe(1)
        await page.mouse.move(2, 2)
        expect(await tip.count()).toBe(0)
        await word.click()
        await page.waitForURL('**/glossary/#partition')
      })
    })

    it('is shown by a first tap; the second follows the link, a tap elsewhere closes it', async () => {
      await visit(
        path,
        async (page) => {
          const { word, tip } = parts(page)
          await word.tap()
          await tip.waitFor()
          expect(page.url()).toContain(path)
          await page.locator('h1').tap()
          expect(await tip.count()).toBe(0)
          await word.tap()
          await tip.waitFor()
          await word.tap()
          await page.waitForURL('**/glossary/#partition')
        },
        { hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } },
      )
    })
  })

  it('tells why an answer of a quiz is wrong, and remembers it', async () => {
    await visit('/basics/what-kafka-is/', async (page) => {
      const first = page.locator('fieldset').first()
      await first.getByRole('radio').first().check()
      await first.getByRole('button', { name: 'Check' }).click()
      await first.getByText('The right answer:').waitFor()
      await page.reload({ waitUntil: 'networkidle' })
      await first.getByText('The right answer:').waitFor()
    })
  })

  const everyPage = kinds.flatMap((path) => [path, `/ru${path}`])

  it.each(everyPage)(
    '%s: nothing that axe objects to, light or dark, and no sideways scroll at 360 px',
    async (path) => {
      await visit(
        path,
        async (page) => {
          await page.addScriptTag({ content: axeSource })
          expect(await objections(page), 'light').toEqual([])
          await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
          await page.locator('html[data-theme=dark]').waitFor()
          await page.waitForFunction(() =>
            document.getAnimations().every(({ playState }) => playState !== 'running'),
          )
          // Only colours differ from the light page.
          expect(await objections(page, ['color-contrast', 'link-in-text-block']), 'dark').toEqual([])
          await page.setViewportSize({ width: 360, height: 740 })
          const [content, screen] = await page.evaluate(() => [
            document.documentElement.scrollWidth,
            window.innerWidth,
          ])
          expect(content).toBeLessThanOrEqual(screen!)
        },
        { colorScheme: 'light' },
      )
    },
  )
})

/** What axe finds on the page as it is now: rule and place. `rules`: only these; default: all that axe turns on. */
function objections(page: Page, rules?: readonly string[]): Promise<string[]> {
  return page.evaluate(async (values) => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } }
    // Places are worked out for violations only: for everything that passes they take longer than the rules.
    const options = { resultTypes: ['violations'], ...(values && { runOnly: { type: 'rule', values } }) }
    const { violations } = await axe.run(options)
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`,
    )
  }, rules)
}

interface AxeResults {
  violations: { id: string; nodes: { target: string[] }[] }[]
}
