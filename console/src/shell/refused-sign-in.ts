// A sign-in through a provider that was refused: the server leads back here with a code in the query, which anybody can have written.

/** What the address says of a sign-in that was refused. */
export interface Refusal {
  readonly code: string
  readonly request: string | undefined
  /** How many seconds there are to wait, where that helps: an hour at most. */
  readonly waitSeconds: number | undefined
}

/** Reads a refusal out of a query; anybody can have written it. */
export function refusalIn(search: string): Refusal | undefined {
  const query = new URLSearchParams(search)
  const code = query.get('refused')
  if (code === null || !/^[a-z_]{1,40}$/.test(code)) return undefined
  const [request, wait] = [query.get('request'), query.get('wait')]
  return {
    code,
    request: request !== null && /^[\w-]{1,64}$/.test(request) ? request : undefined,
    waitSeconds: wait !== null && /^[1-9]\d{0,3}$/.test(wait) && Number(wait) <= 3_600 ? Number(wait) : undefined,
  }
}
