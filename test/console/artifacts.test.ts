// Artifacts in the console: what is in quarantine and why, reading what a run wrote without running it, taking it out, and asking that it leaves.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { closed, crossOver, liveRun, proveKey } from '../harness/live-run.ts'
import { asSystem, newPerson, signIn } from '../harness/signed-in.ts'
import { openStarter } from '../harness/twinlock.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot, settled } from './open-console.ts'

const textOf = (page: Page): Promise<string> => page.locator('main').innerText()

const script = "document.title='owned';window.owned=1"
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60" onload="${script}"><script>${script}</script><rect width="120" height="60" fill="#888"/><foreignObject width="9" height="9"><img xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="${script}"/></foreignObject></svg>`
const html = `<!doctype html><script>${script}</script><iframe srcdoc="<script>${script}</script>"></iframe>\u202eturned`
const settlement = '{"policy": "largest-first", "settled": 20}\n'

/** A run that wrote a settlement, a picture with script and a page with script; its artifact is in quarantine. */
async function hostileArtifact({ harness }: OpenedConsole): Promise<string> {
  const run = await liveRun(harness)
  await run.call({ connection: 'accounts-data', path: '/accounts?limit=2' })
  for (const [name, mediaType, text] of [
    ['settlement.json', 'application/json', settlement],
    ['map.svg', 'image/svg+xml', svg],
    ['page.html', 'text/html', html],
  ] as const) {
    const digest = await harness.twinlock.outside.blobs.put(new TextEncoder().encode(text))
    await run.act('artifact:write', { run: run.id, name, mediaType, digest })
  }
  await run.end('succeeded')
  await closed(harness, run.id)
  return harness.twinlock.outside.store.transact(harness.starter.org, async (tx) => {
    const { id } = await tx.selectFrom('artifact').select('id').where('run_id', '=', run.id).executeTakeFirstOrThrow()
    return id
  })
}

const ran = (page: Page): Promise<boolean> => page.evaluate(() => document.title === 'owned' || 'owned' in window)

describe('artifacts in the console', () => {
  let console: OpenedConsole
  let artifact: string
  let exporter: `per_${string}`
  let observer: `per_${string}`
  before(async () => {
    console = await openConsole(() => openStarter({ runsMax: 0 }))
    const empty = await console.as('operator', '/artifacts')
    await empty.page.getByText('Nothing is in quarantine.').waitFor()
    await empty.page.getByRole('button', { name: 'Show all artifacts' }).click()
    await empty.page.getByText('Nothing was produced yet.').waitFor()
    await accessibleInBothThemes(empty.page)
    await empty.close()
    artifact = await hostileArtifact(console)
    const person = async (slug: string, role: string) => (await newPerson(console.harness, slug, role)).id as `per_${string}` // the API's own ids
    exporter = await person('exporter', 'exporter')
    observer = await person('observer', 'observer')
  })
  after(() => console.close())

  it('are listed, what is in quarantine first, and lead to the artifact by keyboard', async () => {
    const watched = await console.as('reviewer', '/artifacts?show=promoted')
    const { page } = watched
    await page.getByText('No artifact is like that.').waitFor()
    await page.getByRole('radio', { name: 'In quarantine' }).click()
    const row = page.getByRole('row', { name: /payments/ })
    assert.match(await row.innerText(), /in quarantine[\s\S]*staging[\s\S]*simulation/)
    await screenshot(page, 'artifacts')
    await accessibleInBothThemes(page)
    await row.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/artifacts\/art_/)
    await watched.close()
  })

  it('show their digest, why they are as sensitive as they are, what was checked and what was not, and who can read them', async () => {
    const watched = await console.as('reviewer', `/artifacts/${artifact}`, { height: 1500 })
    const { page } = watched
    await page.getByRole('heading', { name: 'Provenance' }).waitFor()
    await settled(page)
    const text = await textOf(page)
    assert.match(text, /sha256:[0-9a-f]{64}/)
    assert.match(text, /It is in quarantine/)
    assert.match(text, /twin\s+payments[\s\S]*called\s+accounts-data[\s\S]*so the artifact is\s+internal/)
    assert.match(text, /not assessed/)
    assert.match(text, /this artifact’s digest/)
    assert.match(await page.getByRole('grid', { name: 'Who can read it now' }).innerText(), /Starter Operator|Starter Reviewer/)
    await screenshot(page, 'artifact')
    await page.emulateMedia({ colorScheme: 'dark' })
    await screenshot(page, 'artifact-dark')
    await accessibleInBothThemes(page)
    await page.getByRole('button', { name: 'What it says' }).first().click()
    assert.match(await page.getByRole('dialog').innerText(), /buildDefinition/)
    await watched.close()
  })

  it('have files that are read on request alone, by keyboard, with their digest computed in the browser', async () => {
    const watched = await console.as('operator', `/artifacts/${artifact}`)
    const { page } = watched
    let reads = 0
    page.on('request', (request) => {
      if (/\/artifacts\/art_\w+\/read$/.test(new URL(request.url()).pathname)) reads += 1
    })
    await page.getByRole('row', { name: /settlement\.json/ }).focus()
    await page.keyboard.press('Enter')
    const drawer = page.getByRole('dialog', { name: 'settlement.json' })
    await drawer.getByText('Reading it is recorded, with your name.').waitFor()
    assert.match(page.url(), /file=settlement\.json/)
    assert.equal(reads, 0, 'choosing a file reads nothing')
    await drawer.getByRole('button', { name: 'Read it' }).focus()
    await page.keyboard.press('Enter')
    await drawer.getByText('these bytes have that digest, computed here').waitFor()
    assert.match(await drawer.innerText(), /"policy": "largest-first"/)
    assert.equal(reads, 1)
    await screenshot(page, 'artifact-file')
    await accessibleInBothThemes(page)
    await page.keyboard.press('Escape')
    await page.waitForURL((url) => !url.searchParams.has('file'))
    await watched.close()
  })

  it('that hold script show it as text, or as a picture in which nothing runs', async () => {
    const watched = await console.as('operator', `/artifacts/${artifact}?file=map.svg`)
    const { page } = watched
    await page.getByRole('button', { name: 'Read it' }).click()
    const picture = page.getByRole('img', { name: 'What is in map.svg' })
    await picture.waitFor()
    assert.match((await picture.getAttribute('src')) ?? '', /^data:image\/svg\+xml;base64,/)
    await page.waitForFunction(() => document.querySelector('img')?.naturalWidth === 120)
    assert.ok((await page.getByRole('dialog').innerText()).includes('<script>'))
    await screenshot(page, 'artifact-svg')
    await accessibleInBothThemes(page)
    await page.goto(`${console.url}/console/artifacts/${artifact}?file=page.html`)
    await page.getByRole('button', { name: 'Read it' }).click()
    await page.getByText('these bytes have that digest').waitFor()
    const text = await page.getByRole('dialog').innerText()
    assert.ok(text.includes('<!doctype html><script>') && text.includes('⟨U+202E⟩turned'))
    assert.equal(await page.locator('iframe, object, embed').count(), 0)
    assert.equal(await ran(page), false)
    assert.equal(page.frames().length, 1)
    await watched.close()
  })

  it('whose bytes are other ones than their digest says are told apart', async () => {
    const watched = await console.as('operator', `/artifacts/${artifact}?file=settlement.json`)
    const { page } = watched
    await page.route(/\/artifacts\/art_\w+\/read/, async (route) => {
      const answer = await (await route.fetch()).json()
      await route.fulfill({ json: { ...answer, content: Buffer.from('{"policy": "mine"}').toString('base64') } })
    })
    await page.getByRole('button', { name: 'Read it' }).click()
    await page.getByText('these bytes have another digest').waitFor()
    await watched.close()
  })

  it('show names that turn the direction, or are markup, for what they are', async () => {
    const watched = await console.as('operator', '/artifacts')
    const { page } = watched
    const statement = { subject: [{ name: 'other', digest: { sha256: 'a'.repeat(64) } }], predicate: {} }
    const payload = Buffer.from(JSON.stringify(statement)).toString('base64')
    const foreign = { predicateType: 'of-other-bytes', envelope: { payload, signatures: [{ keyid: '', sig: '' }] } }
    const name = 'invoice\u202egpj.<img src=x onerror=alert(1)>.html'
    await page.route(new RegExp(`/v1/artifacts/${artifact}$`), async (route) => {
      const answer = await (await route.fetch()).json()
      const [file] = answer.files
      const visibleTo = { principals: [{ kind: '<b>', id: name, name, via: name }], truncated: false }
      await route.fulfill({
        json: {
          ...answer,
          visibleTo,
          files: [{ ...file, name, mediaType: name }],
          attestations: [{ predicateType: name, envelope: name }, foreign],
        },
      })
    })
    await page.goto(`${console.url}/console/artifacts/${artifact}`)
    await page.getByRole('grid', { name: 'Files' }).waitFor()
    await settled(page)
    const text = await textOf(page)
    assert.ok(text.includes('invoice⟨U+202E⟩gpj.<img src=x onerror=alert(1)>.html'))
    assert.ok(!text.includes('\u202e'), 'a character that turns the direction came through')
    assert.equal(await page.locator('main img').count(), 0)
    await page.getByText('It cannot be read as a statement.').waitFor()
    await page.getByText('another digest than this artifact’s').waitFor()
    assert.equal(await page.getByText('this artifact’s digest', { exact: true }).count(), 0)
    await page
      .getByRole('grid', { name: 'Files' })
      .getByRole('row', { name: /invoice/ })
      .click()
    await page.getByRole('dialog').waitFor()
    await screenshot(page, 'artifact-hostile')
    await watched.close()
  })

  it('are taken out by an exporter with a reason, into a file that no page of ours shows; others are told why not', async () => {
    const watched = await console.as(exporter, `/artifacts/${artifact}?file=page.html`)
    const { page } = watched
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Export page.html' })
    assert.ok(await dialog.getByRole('button', { name: 'Export' }).isDisabled(), 'a reason is asked for')
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('The customer asked for it.')
    await screenshot(page, 'artifact-export')
    await accessibleInBothThemes(page)
    const [saved] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Export' }).click()])
    assert.equal(saved.suggestedFilename(), 'page.html')
    assert.equal(readFileSync(await saved.path(), 'utf8'), html)
    await page.getByRole('heading', { name: 'Done: Export page.html' }).waitFor()
    assert.equal(await ran(page), false)
    await watched.close()
    const operating = await console.as('operator', `/artifacts/${artifact}?file=page.html`)
    await operating.page.getByRole('dialog').getByRole('button', { name: 'Why not?' }).click()
    assert.match(await operating.page.getByRole('dialog', { name: 'Why not: Export' }).innerText(), /maker-does-not-export/)
    await operating.close()
  })

  it('are for those who may see them: others are told what is missing, and who may not ask for promotion is told why', async () => {
    const deploying = await console.as('deployer', `/artifacts/${artifact}`)
    await deploying.page.getByText('You may not see this').waitFor()
    assert.match(await textOf(deploying.page), /Any of these roles would hold it: .*reviewer/)
    await screenshot(deploying.page, 'artifact-forbidden')
    await accessibleInBothThemes(deploying.page)
    await deploying.close()
    const observing = await console.as(observer, `/artifacts/${artifact}`)
    await observing.page.getByText('Whoever operates runs asks for it').waitFor()
    await observing.close()
    const reviewing = await console.as('reviewer', `/artifacts/${artifact}`)
    await reviewing.page.getByRole('button', { name: 'Ask for promotion' }).and(reviewing.page.locator('[disabled]')).waitFor()
    assert.equal(await reviewing.page.getByRole('textbox', { name: 'On the channel' }).count(), 0)
    await reviewing.close()
    const missing = await console.as('reviewer', `/artifacts/${artifact}?file=nothing`)
    await missing.page.getByText('It has no such file.').waitFor()
    await missing.page.goto(`${console.url}/console/artifacts/${encodeURIComponent('"><script>')}`)
    await missing.page.getByRole('alert').first().waitFor()
    await accessibleInBothThemes(missing.page)
    await missing.close()
  })

  it('fit a phone', async () => {
    for (const [name, path] of [
      ['artifacts', '/artifacts'],
      ['artifact', `/artifacts/${artifact}`],
      ['artifact-file', `/artifacts/${artifact}?file=map.svg`],
    ] as const) {
      const watched = await console.as('operator', path, { width: 390, height: 1700 })
      await fitsInWidth(watched.page)
      await screenshot(watched.page, `${name}-phone`)
      await accessibleInBothThemes(watched.page)
      await watched.close()
    }
  })

  it('are asked to be promoted by keyboard, for a service on a channel, and then show that they were', async () => {
    const watched = await console.as('operator', `/artifacts/${artifact}?channel=Not!`)
    const { page } = watched
    await page.getByText('Write small letters, digits and hyphens.').waitFor()
    await page.getByRole('textbox', { name: 'On the channel' }).fill('payments')
    await page.getByRole('button', { name: /For the service/, disabled: false }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('option', { name: 'payments-settler' }).focus()
    await page.keyboard.press('Enter')
    assert.match(page.url(), /service=svc_/)
    await page.getByRole('button', { name: 'Ask for promotion' }).scrollIntoViewIfNeeded()
    await screenshot(page, 'artifact-ask')
    await page.getByRole('button', { name: 'Ask for promotion' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Ask for promotion' })
    await dialog.getByText(/You will not be one of them/).waitFor()
    await screenshot(page, 'artifact-ask-dialog')
    await accessibleInBothThemes(page)
    await dialog.getByRole('button', { name: 'Ask for promotion' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/promotions\/prm_/)
    await page.goto(`${console.url}/console/artifacts/${artifact}`)
    await page.getByRole('row', { name: /payments to payments@production/ }).waitFor()
    await watched.close()
  })

  it('that could not be read say so, with the code and the request, and are read again on request', async () => {
    const watched = await console.as('reviewer')
    const { page } = watched
    const problem = { status: 500, code: 'internal', title: 'Something failed', detail: 'The store is away.', requestId: 'req_1' }
    await page.route(/\/v1\/artifacts\?/, (route) => route.fulfill({ status: 500, json: problem }))
    await page.goto(`${console.url}/console/artifacts?show=all`)
    await page.getByRole('alert').getByText('The store is away.').waitFor()
    assert.match(await page.getByRole('alert').innerText(), /code internal[\s\S]*req_1/)
    await accessibleInBothThemes(page)
    await page.unroute(/\/v1\/artifacts\?/)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('row', { name: /payments/ }).waitFor()
    await watched.close()
  })

  it('that left quarantine say when, by which promotion, what was checked of them, and which service reads them now', async () => {
    const { harness } = console
    const [operator, reviewer, deployer] = [
      await signIn(harness, 'operator'),
      await signIn(harness, 'reviewer'),
      await signIn(harness, 'deployer'),
    ]
    const { items } = await operator.act('promotion:list', { artifact })
    const [{ id }] = items as [{ id: string }] // the test before this one asked for it
    const { nonce } = await operator.act('promotion:show', { promotion: id })
    await proveKey(harness, { id, nonce: String(nonce) })
    const { version } = await asSystem(harness, 'gate')('promotion:check', { promotion: id })
    await reviewer.act('promotion:approve', { promotion: id, version: Number(version) })
    await crossOver(harness, deployer, id)
    const watched = await console.as('reviewer', '/artifacts', { height: 1500 })
    const { page } = watched
    await page.getByText('Nothing is in quarantine.').waitFor()
    await page.getByRole('radio', { name: 'Promoted' }).click()
    await page.getByRole('row', { name: /payments/ }).click()
    await page.getByText('It left quarantine when a promotion of it crossed.').waitFor()
    await page.getByRole('link', { name: id }).first().waitFor()
    assert.match(
      await page.getByRole('grid', { name: 'Who can read it now' }).innerText(),
      /payments-settler[\s\S]*The channel `payments` points at it/,
    )
    assert.match(await page.getByRole('region', { name: /^Checked/ }).innerText(), /nothing stops it/)
    await settled(page)
    await screenshot(page, 'artifact-promoted')
    await accessibleInBothThemes(page)
    await watched.close()
  })
})
