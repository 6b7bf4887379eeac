// A run that failed, in the console: why in one sentence and what to do, above everything; how it ended and what it said last, for whoever may read that.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { asSuperuser } from '../harness/database.ts'
import { closed, type LiveRun, liveRun } from '../harness/live-run.ts'
import { signIn } from '../harness/signed-in.ts'
import { openStarter } from '../harness/twinlock.ts'
import { accessibleInBothThemes, fitsInWidth, type OpenedConsole, openConsole, screenshot } from './open-console.ts'

const words = `loading\n<img src=x onerror="document.title='owned'">\nError: the model diverged`
const exit = { code: 3, signal: null, detail: 'It was seen to give up.', words, cut: true, redacted: 1 }

let console: OpenedConsole
let failed: LiveRun
before(async () => {
  console = await openConsole(() => openStarter({ runsMax: 0 }))
  failed = await liveRun(console.harness)
  await failed.end('exit_code', { note: 'half way' })
  await closed(console.harness, failed.id)
  // As its worker would have kept it, had there been a cell.
  await asSuperuser(console.harness.twinlock, (client) =>
    client.query('update run set exit = $2 where id = $1', [failed.id, JSON.stringify(exit)]),
  )
})
after(() => console.close())

describe('a run that failed', () => {
  it('says why and what to do above everything, and leads to what it said last, which is text', async () => {
    const watched = await console.as('operator', `/runs/${failed.id}`)
    const { page } = watched
    await page.getByText('Its program ended itself with an exit code instead of a verdict.').waitFor()
    await page.getByText('Read the code and its last words.').waitFor()
    assert.doesNotMatch(await page.locator('main').innerText(), /diverged|give up/, 'what is in it is not read before somebody asks')
    await accessibleInBothThemes(page)
    await screenshot(page, 'run-failed')
    await page.getByRole('button', { name: 'How it ended' }).press('Enter')
    await page.waitForURL(/part=given/)
    const ended = page.getByRole('region', { name: /^How it ended/ })
    await ended.getByText('Error: the model diverged').waitFor()
    const text = await ended.innerText()
    assert.match(text, /Noticed\s+It was seen to give up\.\s+Exit code\s+3\s+Its last words/)
    assert.match(
      text,
      /The run’s own words; nobody vouches for them\. Earlier ones were left out\. 1 place that looked like a secret was taken out\./,
    )
    assert.equal(await page.getByRole('button', { name: 'How it ended' }).count(), 0, 'it is shown')
    assert.doesNotMatch(await page.title(), /owned/)
    await accessibleInBothThemes(page)
    await screenshot(page, 'run-failed-words')
    await page.setViewportSize({ width: 390, height: 844 })
    await fitsInWidth(page)
    await screenshot(page, 'run-failed-phone')
    await watched.close()
  })

  it('is told by its sentence alone in the list, and to whoever may not read what is in it', async () => {
    const watched = await console.as('auditor', `/runs/${failed.id}?part=given`)
    const { page } = watched
    await page.getByText('Its program ended itself with an exit code instead of a verdict.').waitFor()
    await page.getByText('You may not see this').waitFor()
    assert.doesNotMatch(await page.locator('main').innerText(), /diverged|give up/)
    await page.goto(`${console.url}/console/runs`)
    const row = page.getByRole('row', { name: /its program ended itself/ })
    await row.waitFor()
    assert.doesNotMatch(await row.innerText(), /diverged|give up/)
    await watched.close()
  })

  it('has nothing of the kind where somebody stopped it, or where it succeeded', async () => {
    const [stopped, passed] = [await liveRun(console.harness), await liveRun(console.harness)]
    const operator = await signIn(console.harness, 'operator')
    await operator.act('run:cancel', { run: stopped.id, reason: 'Enough.' })
    await passed.end('passed')
    for (const [run, says] of [
      [stopped, 'cancelled by a person'],
      [passed, 'the run passed'],
    ] as const) {
      await closed(console.harness, run.id)
      const watched = await console.as('operator', `/runs/${run.id}`)
      await watched.page.getByText(says, { exact: true }).waitFor()
      assert.equal(await watched.page.getByRole('button', { name: 'How it ended' }).count(), 0)
      await watched.close()
    }
  })
})
