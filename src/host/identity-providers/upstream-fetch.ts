// How the client of OpenID Connect reaches a provider: one exchange at a time through the same guarded client as the broker, so that an issuer's address is
// judged when it is connected to, nothing is redirected, and no answer is larger or later than allowed. The provider's answers are hostile.
import type { CustomFetch } from 'openid-client'
import type { Upstream } from '../../egress/index.ts'

/** The most bytes that a provider may answer, and how long it may take. */
export const providerLimits = { bytes: 262_144, timeoutMs: 5_000 }

const bodiless = new Set([204, 205, 304])

/** A `fetch` over an upstream client, for one provider. Throws what the upstream client throws. */
export function fetchThrough(upstream: Upstream, loopback: boolean): CustomFetch {
  return async (url, { method, headers, body }) => {
    const sent = body === undefined || body === null ? undefined : new TextEncoder().encode(String(body))
    const answer = await upstream.exchange({
      url,
      method,
      headers,
      body: sent,
      loopback,
      responseBytesMax: providerLimits.bytes,
      timeoutMs: providerLimits.timeoutMs,
    })
    const content = bodiless.has(answer.status) ? null : new Uint8Array(answer.body)
    return new Response(content, { status: answer.status, headers: answer.headers })
  }
}
