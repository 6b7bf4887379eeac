// From an action and its input to a request, by the rule of docs/guides/routes-and-verbs.md: what the path names is taken out, the rest is the query of a
// GET or the JSON body of a POST. Pure, so that it is tested without a browser.

/** Where an action is served: method, path with `{parameter}` in it, and effect. */
export type Served = readonly [method: 'GET' | 'POST', path: string, effect: string]

/** A request as `fetch` takes it; `body` is JSON text. */
export interface PlannedRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly body: string | undefined
}

function queryOf(input: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || value === null) continue
    for (const one of Array.isArray(value) ? value : [value])
      query.append(name, typeof one === 'object' ? JSON.stringify(one) : String(one))
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** The request of an action. Throws when the input lacks what the path names: a fault of the caller's. */
export function planRequest([method, path]: Served, input: Readonly<Record<string, unknown>>): PlannedRequest {
  const rest = { ...input }
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name]
    if (typeof value !== 'string' || value === '') throw new Error(`The path ${path} needs \`${name}\`.`)
    delete rest[name]
    return encodeURIComponent(value)
  })
  return method === 'GET' ? { method, url: `${url}${queryOf(rest)}`, body: undefined } : { method, url, body: JSON.stringify(rest) }
}
