// The audit trail in the console: an auditor finds entries, reads one whole, and has its receipt verified in the browser, where a receipt that was tampered
// with is refused, whoever tampered with it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { connectionOf, withConnection } from '../harness/database.ts'
import { asSystem, signIn } from '../harness/signed-in.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot, settled } from './open-console.ts'

const hostile = '<img src=x onerror="document.title=\'owned\'">‮"\''
const textOf = (page: Page): Promise<string> => page.locator('main').innerText()
const searchOf = (page: Page): Record<string, string> => Object.fromEntries(new URL(page.url()).searchParams)

describe('the audit trail in the console', () => {
  let opened: OpenedConsole
  let promotion: string
  let run: string
  const entryOf = async (action: string): Promise<string> => {
    const rows = await withConnection(await connectionOf(opened.harness.twinlock), async (client) => {
      const found = await client.query('select id from numbered_entry where action = $1 and seq is not null order by id desc limit 1', [
        action,
      ])
      return found.rows
    })
    return String(rows[0]?.id)
  }

  before(async () => {
    opened = await openConsole()
    const walked = await opened.harness.walk()
    assert.ok(walked.promotion)
    promotion = walked.promotion
    run = walked.run
    const act = asSystem(opened.harness, 'starter')
    const person = String((await act('person:create', { slug: 'hostile', name: hostile, email: 'hostile@people.example' })).id)
    await act('grant:create', { principal: person, role: 'operator', reason: hostile })
    await (await signIn(opened.harness, 'owner')).act('ledger:list', {}).catch(() => undefined) // a refusal is an entry
  })
  after(() => opened.close())

  it('lists entries with what became of them, and leads to one by keyboard', async () => {
    const watched = await opened.as('auditor', '/audit')
    const { page } = watched
    await page.getByRole('row').nth(1).waitFor()
    await screenshot(page, 'audit')
    await accessibleInBothThemes(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await screenshot(page, 'audit-dark')
    await page.locator('h1').focus()
    await page.keyboard.press('j')
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'row')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/console\/audit\/ent_/)
    await page.getByText('Verified in this browser').waitFor()
    await watched.close()
  })

  it('is narrowed by keyboard alone, into a URL that shows the same to others', async () => {
    const watched = await opened.as('auditor', '/audit')
    const { page } = watched
    await page.keyboard.press('/')
    await page.keyboard.type('promotion:request')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.type(promotion)
    await page.keyboard.press('Tab')
    await page.keyboard.type('2h')
    await page.keyboard.press('Enter')
    await page.waitForURL(/resource=prm_/)
    await page
      .getByRole('row', { name: /promotion:request/ })
      .first()
      .waitFor()
    await settled(page)
    const { since = '', ...rest } = searchOf(page)
    assert.deepEqual(rest, { action: 'promotion:request', resource: promotion })
    assert.ok(Math.abs(Date.now() - 2 * 3_600_000 - Date.parse(since)) < 120_000, since)
    await page.getByRole('link', { name: 'See its lineage' }).waitFor()
    await screenshot(page, 'audit-narrowed')
    const url = page.url()
    await watched.close()
    const other = await opened.as('auditor', url.slice(url.indexOf('/audit')))
    assert.match(await textOf(other.page), /promotion:request/)
    assert.equal(
      await other.page
        .getByRole('textbox', { name: 'What was done' })
        .or(other.page.getByRole('combobox', { name: 'What was done' }))
        .inputValue(),
      'promotion:request',
    )
    await other.close()
  })

  it('shows refusals by themselves, and says so when nothing is like that', async () => {
    const watched = await opened.as('auditor', '/audit')
    const { page } = watched
    await page.getByRole('radio', { name: 'Denied' }).click()
    await page.waitForURL(/outcome=denied/)
    await page
      .getByRole('row', { name: /ledger:list/ })
      .first()
      .waitFor()
    await settled(page)
    const outcomes = await page.getByRole('row').locator('[role="gridcell"]:nth-child(2)').allInnerTexts()
    assert.ok(outcomes.length > 0 && outcomes.every((text) => text.includes('denied')), outcomes.join())
    await page.goto(`${opened.url}/console/audit?action=twin:retire`)
    await page.getByText('No entry is like that.').waitFor()
    await accessibleInBothThemes(page)
    await page.getByRole('button', { name: 'Show all entries' }).click()
    await page.getByRole('row').nth(1).waitFor()
    assert.deepEqual(searchOf(page), {})
    await watched.close()
  })

  it('refuses a moment that is none before anything is asked for, and shows what the server refuses', async () => {
    const watched = await opened.as('auditor', '/audit')
    const { page } = watched
    await page.getByRole('textbox', { name: 'Since' }).fill('yesterday')
    await page.keyboard.press('Enter')
    await page.getByText('A moment in UTC, or so long ago').waitFor()
    assert.deepEqual(searchOf(page), {})
    await accessibleInBothThemes(page)
    const wrong = new URLSearchParams({ action: hostile, principal: hostile, resource: hostile, since: hostile, environment: hostile })
    await page.goto(`${opened.url}/console/audit?${wrong}`)
    await page.getByRole('alert').waitFor()
    await page.getByRole('alert').getByText('/action', { exact: true }).first().waitFor()
    assert.equal(await page.locator('main img').count(), 0)
    assert.notEqual(await page.title(), 'owned')
    await accessibleInBothThemes(page)
    await page.getByRole('button', { name: 'Show all entries' }).click()
    await page.getByRole('row').nth(1).waitFor()
    await watched.close()
  })

  it('is not for an operator or a reviewer, who are told what is missing', async () => {
    for (const person of ['operator', 'reviewer'] as const) {
      const watched = await opened.as(person, '/audit')
      await watched.page.getByText('You may not see this').waitFor()
      assert.match(await textOf(watched.page), /Any of these roles would hold it: .*auditor/)
      await accessibleInBothThemes(watched.page)
      await watched.close()
    }
  })

  it('shows an entry whole to a reviewer, with everything that it names, and verifies its receipt in the browser', async () => {
    const watched = await opened.as('reviewer', `/audit/${await entryOf('run:launch')}`)
    const { page } = watched
    await page.getByText('Verified in this browser').waitFor()
    const text = await textOf(page)
    assert.match(text, /No\. [\d,]+ of the log/)
    assert.match(text, /sha256:[0-9a-f]{64}/)
    assert.match(text, /not assessed\s+no independent witness/)
    assert.match(text, /What this does not prove[\s\S]*That the key is the right one/)
    assert.ok(
      await page
        .getByRole('link', { name: /payments/ })
        .first()
        .isVisible(),
    )
    assert.equal((await page.locator(`main a[href="/console/runs/${run}"]`).count()) > 0, true)
    await screenshot(page, 'audit-entry')
    await accessibleInBothThemes(page)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.getByText('Verified in this browser').evaluate((element) => element.scrollIntoView())
    await screenshot(page, 'audit-entry-proof')
    await page.emulateMedia({ colorScheme: 'dark' })
    await screenshot(page, 'audit-entry-proof-dark')
    await page.getByRole('button', { name: 'Show the receipt' }).click()
    await page
      .getByRole('dialog')
      .getByText(/c2sp\.org\/tlog-proof/)
      .waitFor()
    await watched.close()
  })

  it('does not believe a receipt, an entry or a number that was tampered with, and says so in red', async () => {
    const entry = await entryOf('promotion:request')
    for (const [name, change, said] of [
      ['body', ({ body }) => ({ body: body.replace('"done"', '"gone"') }), /not the one that the log holds/],
      [
        'receipt',
        ({ receipt }) => ({ receipt: receipt.replace(/^index \d+$/m, 'index 1') }),
        /not the one that the log holds|does not fit/,
      ],
      ['signature', ({ receipt }) => ({ receipt: forgedSignature(receipt) }), /not signed by the key|does not fit/],
      ['key', ({ verifierKey }) => ({ verifierKey: verifierKey.replace(/.{6}$/, 'AAAAA=') }), /key/],
      ['junk', () => ({ receipt: hostile }), /cannot be read/],
    ] as readonly (readonly [string, (answer: Answered) => Partial<Answered>, RegExp])[]) {
      const watched = await opened.as('auditor')
      const { page } = watched
      await page.route('**/v1/ledger/*/receipt', async (route) => {
        const answer = await (await route.fetch()).json()
        await route.fulfill({ json: { ...answer, ...change(answer) } })
      })
      await page.goto(`${opened.url}/console/audit/${entry}`)
      const alert = page.getByRole('alert').filter({ hasText: 'This proof does not hold. Do not rely on this entry.' })
      await alert.waitFor()
      assert.match(await alert.innerText(), said, name)
      assert.equal(await page.getByText('Verified in this browser').count(), 0, name)
      if (name === 'body') {
        await alert.scrollIntoViewIfNeeded()
        await screenshot(page, 'audit-entry-tampered')
        await accessibleInBothThemes(page)
      }
      await watched.close()
    }
  })

  it('does not believe what is shown of an entry when the log holds something else', async () => {
    const watched = await opened.as('auditor')
    const { page } = watched
    await page.route(/\/v1\/ledger\/ent_[^/]+$/, async (route) => {
      const answer = await (await route.fetch()).json()
      await route.fulfill({ json: { ...answer, actor: { ...answer.actor, id: 'per_00000000000000000000000000', name: 'Somebody Else' } } })
    })
    await page.goto(`${opened.url}/console/audit/${await entryOf('promotion:request')}`)
    await page.getByText('What is shown above is not what was recorded.').waitFor()
    assert.match(await textOf(page), /another content than is shown here: who acted/)
    await watched.close()
  })

  it('verifies with a key of one’s own, and not with that of another log', async () => {
    const watched = await opened.as('auditor', `/audit/${await entryOf('promotion:request')}`)
    const { page } = watched
    await page.getByText('Verified in this browser').waitFor()
    const key = (await page.getByRole('region', { name: 'the key of the log' }).innerText()).trim()
    const field = page.getByRole('textbox', { name: 'Verify with your own copy of the key' })
    await field.fill(key)
    await page.getByText('the key that you gave').waitFor()
    await field.fill('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')
    await page.getByText('This proof does not hold').waitFor()
    await field.fill('no key')
    await page.getByText('The key is no verifier key').waitFor()
    await watched.close()
  })

  it('shows what people wrote as text, and says which text was changed or erased afterwards', async () => {
    const entry = await entryOf('grant:create')
    const watched = await opened.as('auditor', `/audit/${entry}`)
    const { page } = watched
    await page.getByText('Verified in this browser').waitFor()
    assert.ok((await textOf(page)).includes('<img src=x onerror='))
    assert.equal(await page.locator('main img').count(), 0)
    assert.notEqual(await page.title(), 'owned')
    await accessibleInBothThemes(page)
    const change = async (query: string): Promise<void> =>
      withConnection(await connectionOf(opened.harness.twinlock), async (client) => {
        await client.query('set session_replication_role = replica')
        await client.query(query, [entry])
      })
    await change(`update sidecar set content = 'a harmless reason' where entry_id = $1`)
    await page.reload()
    await page.getByText('This is not the text that the entry committed to').waitFor()
    await page.getByText('A text beside the entry is not the one that was committed to.').waitFor()
    await change('delete from sidecar where entry_id = $1')
    await page.reload()
    await page.getByText('Erased.').waitFor()
    await watched.close()
  })

  it('fits a phone', async () => {
    for (const [name, path] of [
      ['audit', '/audit'],
      ['audit-entry', `/audit/${await entryOf('promotion:request')}`],
    ] as const) {
      const watched = await opened.as('auditor', path, { width: 390, height: 844 })
      await settled(watched.page)
      if (name === 'audit-entry') await watched.page.getByText('Verified in this browser').waitFor()
      await fitsInWidth(watched.page)
      await screenshot(watched.page, `${name}-phone`)
      await accessibleInBothThemes(watched.page)
      await watched.close()
    }
  })

  it('says that an entry is not there', async () => {
    const watched = await opened.as('auditor', '/audit/ent_00000000000000000000000000')
    await watched.page.getByText('There is no entry with this id.').waitFor()
    await accessibleInBothThemes(watched.page)
    await watched.close()
  })
})

interface Answered {
  readonly receipt: string
  readonly body: string
  readonly verifierKey: string
}

/** The receipt with another byte in its last signature. */
function forgedSignature(receipt: string): string {
  const lines = receipt.trimEnd().split('\n')
  const last = lines.at(-1) ?? ''
  const cut = last.lastIndexOf(' ') + 1
  const signature = Buffer.from(last.slice(cut), 'base64')
  signature[10] = (signature[10] ?? 0) ^ 1
  return `${[...lines.slice(0, -1), last.slice(0, cut) + signature.toString('base64')].join('\n')}\n`
}
