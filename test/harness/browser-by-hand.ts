// A browser without a window: keeps cookies by host, follows no redirect by itself. Enough to walk a sign-in step by step, and to walk it wrongly.

/** A browser with cookies of its own. */
export interface HandBrowser {
  readonly cookies: Map<string, Map<string, string>>
  /** Asks for one page; answers what came, cookies kept. */
  get(url: string): Promise<Response>
  /** Posts a form from another site's page: cookies of SameSite=Lax and Strict stay at home. */
  postFromElsewhere(url: string, form: Record<string, string>): Promise<Response>
  /** Posts JSON as the console's own page does. */
  post(url: string, body: object): Promise<Response>
  /** Follows redirects from a page until one leads to what `until` accepts, and answers its URL without asking for it. */
  walk(url: string, until: (url: URL) => boolean): Promise<string>
}

const stepsMax = 12

/** Opens one; `userAgent` is what it calls itself. */
export function handBrowser(userAgent = 'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/150.0'): HandBrowser {
  const cookies = new Map<string, Map<string, string>>()
  const ask = async (url: string, init: RequestInit, isSent = true): Promise<Response> => {
    const { host } = new URL(url)
    const held = cookies.get(host) ?? new Map<string, string>()
    cookies.set(host, held)
    const cookie = isSent ? [...held].map(([name, value]) => `${name}=${value}`).join('; ') : ''
    const headers = { 'user-agent': userAgent, ...(cookie === '' ? {} : { cookie }), ...(init.headers as Record<string, string>) } // given below
    const answer = await fetch(url, { ...init, redirect: 'manual', headers })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) held.delete(pair.slice(0, at))
      else held.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return answer
  }
  const get = (url: string) => ask(url, { headers: {} })
  const walk = async (from: string, until: (url: URL) => boolean): Promise<string> => {
    let here = from
    for (let step = 0; step < stepsMax; step++) {
      const answer = await get(here)
      const to = answer.headers.get('location')
      if (to === null) throw new Error(`${here} answered ${answer.status} and leads nowhere: ${(await answer.text()).slice(0, 400)}`)
      here = new URL(to, here).href
      if (until(new URL(here))) return here
    }
    throw new Error(`More than ${stepsMax} redirects from ${from}`)
  }
  return {
    cookies,
    get,
    walk,
    postFromElsewhere: (url, form) => ask(url, { method: 'POST', headers: {}, body: new URLSearchParams(form) }, false),
    post: (url, body) =>
      ask(url, { method: 'POST', headers: { 'content-type': 'application/json', 'twinlock-console': '1' }, body: JSON.stringify(body) }),
  }
}
