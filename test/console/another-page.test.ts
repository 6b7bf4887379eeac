// Another page in the same browser, in a real Chromium: opened while somebody is signed in to the console, from another port of the same host, which a
// browser counts as the same site. And script that got into the console's own page, as far as a browser lets it.
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { rowsOf } from '../harness/database.ts'
import { type OpenedConsole, openConsole, type Watched } from './open-console.ts'

let opened: OpenedConsole
let evil: Server
let evilUrl: string
let signedIn: Watched
let org: string

before(async () => {
  opened = await openConsole()
  org = opened.harness.starter.org
  evil = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>Evil</title>'))
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve))
  evilUrl = `http://127.0.0.1:${(evil.address() as AddressInfo).port}/` // it listens on a port
  signedIn = await opened.as('admin')
})
after(async () => {
  await signedIn.page.context().close()
  evil.close()
  await opened.close()
})

/** Another page in the browser profile that is signed in. */
async function evilPage(): Promise<Page> {
  const page = await signedIn.page.context().newPage()
  await page.goto(evilUrl)
  return page
}

const person = (slug: string) => ({ slug, name: 'Planted', email: `${slug}@evil.example`, clearance: 'internal' })
const planted = () => rowsOf(opened.harness.twinlock, `select slug from person where name = 'Planted'`)

/** Tries a request as a page can; answers its status, or `refused` where the browser does not make it or hides what came back. */
const tries = (
  page: Page,
  url: string,
  options: Pick<RequestInit, 'method' | 'mode'> & { headers?: Record<string, string>; body?: string },
) =>
  page.evaluate(
    async ([to, init]) => {
      try {
        const answer = await fetch(to, { credentials: 'include', ...init })
        return answer.type === 'opaque' ? 'hidden' : answer.status
      } catch {
        return 'refused'
      }
    },
    [url, options] as const,
  )

describe('another page', () => {
  it('cannot send what the console sends, and what it can send does nothing', async () => {
    const page = await evilPage()
    const body = JSON.stringify(person('by-fetch'))
    const headers = { 'twinlock-console': '1', 'twinlock-organization': org, 'content-type': 'application/json' }
    assert.equal(await tries(page, `${opened.url}/v1/people`, { method: 'POST', headers, body }), 'refused')
    assert.equal(await tries(page, `${opened.url}/v1/people`, { method: 'GET', headers }), 'refused')
    assert.equal(await tries(page, `${opened.url}/v1/people`, { method: 'POST', mode: 'no-cors', headers, body }), 'refused')
    assert.equal(
      await tries(page, `${opened.url}/console/session/end`, {
        method: 'POST',
        mode: 'no-cors',
        body: JSON.stringify({ organization: org }),
      }),
      'refused',
    )
    assert.deepEqual(await planted(), [])
    const own = await tries(signedIn.page, `${opened.url}/v1/people`, { headers })
    assert.equal(own, 200, 'the console itself is still signed in, and the same request is good from there')
    await page.close()
  })

  it('cannot post a form', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain']) {
      const page = await evilPage()
      const answered = page.waitForResponse((response) => response.url().startsWith(opened.url))
      await page.evaluate(
        ([to, encoding, text]) => {
          const form = Object.assign(document.createElement('form'), { method: 'POST', action: to, enctype: encoding })
          form.append(Object.assign(document.createElement('input'), { name: text.slice(0, -1), value: text.slice(-1) }))
          document.body.append(form)
          form.submit()
        },
        [`${opened.url}/v1/people`, type, JSON.stringify(person('by-form'))] as const,
      )
      assert.ok((await answered).status() >= 400)
      await page.close()
    }
    assert.deepEqual(await planted(), [])
  })

  it('cannot frame the console, nor reach into a window of it', async () => {
    const page = await evilPage()
    await page.evaluate((to) => {
      document.body.append(Object.assign(document.createElement('iframe'), { src: to }))
    }, `${opened.url}/console/`)
    await page.waitForFunction(() => document.querySelector('iframe')?.contentDocument === null)
    assert.equal(await page.frames()[1]?.locator('h1').count(), 0)
    const popup = page.waitForEvent('popup')
    await page.evaluate((to) => Object.assign(window, { reached: window.open(to) }), `${opened.url}/console/`)
    const other = await popup
    await other.locator('h1').first().waitFor()
    assert.equal(
      // What the evaluation above put there.
      await page.evaluate(() => (window as unknown as { reached: Window }).reached.closed),
      true,
      'the opener was parted from it',
    )
    await page.close()
    await other.close()
  })

  it('cannot read what the console is served', async () => {
    const page = await evilPage()
    for (const path of ['/console/', '/console/session', '/v1/sessions', '/openapi.json'])
      assert.equal(await tries(page, `${opened.url}${path}`, {}), 'refused', path)
    await page.close()
  })
})

describe('script in the console’s page', () => {
  const inPage = <T>(work: () => T | Promise<T>) => signedIn.page.evaluate(work)

  it('does not get the session', async () => {
    assert.equal(await inPage(() => document.cookie), '')
  })

  it('makes no markup and no script of text', async () => {
    const refusals = await inPage(async () => {
      const tried = (work: () => unknown) => {
        try {
          work()
          return 'done'
        } catch (error) {
          return error instanceof Error ? error.name : 'thrown'
        }
      }
      const element = document.createElement('div')
      return [
        tried(() => {
          element.innerHTML = '<img src=x>'
        }),
        tried(() => element.insertAdjacentHTML('beforeend', '<img src=x>')),
        tried(() => document.write('<b>')),
        tried(() => {
          document.createElement('script').text = '1'
        }),
        tried(() => {
          document.createElement('script').src = '/console/assets/x.js'
        }),
        tried(() =>
          // The browser has it; the types of this program do not.
          (globalThis as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } }).trustedTypes.createPolicy(
            'mine',
            {},
          ),
        ),
        // Not at once: what a test's own evaluation calls is let through by the browser's debugger.
        await new Promise<string>((resolve) => requestAnimationFrame(() => resolve(tried(() => new Function('return 1'))))),
        tried(() => new Worker('/console/assets/x.js')),
      ]
    })
    for (const [at, refusal] of refusals.entries()) assert.match(refusal, /TypeError|EvalError/, `attempt ${at}`)
  })

  it('sends nothing elsewhere, and loads nothing from there', async () => {
    const sent: string[] = []
    evil.on('request', (request) => sent.push(request.url ?? ''))
    const outcome = await signedIn.page.evaluate(async (to) => {
      const loaded = (element: HTMLElement) =>
        new Promise<string>((resolve) => {
          element.onload = () => resolve('loaded')
          element.onerror = () => resolve('refused')
          document.body.append(element)
        })
      const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: to })
      return [
        await fetch(to, { mode: 'no-cors' }).then(
          () => 'sent',
          () => 'refused',
        ),
        await loaded(Object.assign(new Image(), { src: `${to}?image` })),
        await loaded(link),
        navigator.sendBeacon(`${to}?beacon`, 'x') ? 'queued' : 'refused',
      ]
    }, evilUrl)
    assert.deepEqual(outcome.slice(0, 3), ['refused', 'refused', 'refused'])
    assert.deepEqual(sent, [])
  })
})
