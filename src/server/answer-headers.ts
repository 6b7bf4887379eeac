// Headers of every answer: nothing is cached, nothing is run or framed by a browser, no other origin is let in (there is no CORS header at all).
// What an upstream sends through the broker is under them too.

/** The headers that every answer carries; `https` says whether the outside reaches us over TLS. */
export function answerHeaders(requestId: string, https: boolean): Record<string, string> {
  return {
    'x-request-id': requestId,
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...(https ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  }
}
