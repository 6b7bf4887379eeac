// What a look at a provider found, as checks in words: what was looked for, whether it was found, and what to do where it was not. The server's sentence says what
// happened; this says what usually lies behind it.

/** What a look finds. */
export interface Found {
  readonly works: boolean
  readonly problem: string | null
  readonly algorithms: readonly string[]
  readonly keys: number
  readonly namesIssuer: boolean
  readonly backChannelLogout: boolean
}

/** One check. */
export interface Check {
  readonly name: string
  readonly verdict: 'passed' | 'failed' | 'not_assessed'
  readonly said: string
  /** What to do about it; only where there is something to do. */
  readonly next?: string
}

const causes: readonly (readonly [when: RegExp, next: string])[] = [
  [
    /another issuer/i,
    'Write the issuer as the provider writes it in its own /.well-known/openid-configuration: a slash at its end, the tenant, and http or https all count. An issuer cannot be changed afterwards: make a new connection.',
  ],
  [
    /name is not known/i,
    'The name in the issuer is in no DNS that this server asks, or leads to an address of an internal network: the server connects to public ones alone. Look for a typing error first.',
  ],
  [
    /could not be reached|did not answer in time|broke the exchange/i,
    'The server cannot reach the provider: see whether it is up, and whether a firewall lets this server out to it.',
  ],
  [
    /could not prove who it is|TLS/i,
    'Its certificate is not one that is trusted, or has ended, or is for another name. Open the issuer in a browser and look at the lock.',
  ],
  [
    /does not accept us/i,
    'The client id or the secret is not the one that the provider has: copy both anew. With a key, register the public half that is shown above.',
  ],
  [
    /not one of OpenID Connect|cannot be read|no authorization or token endpoint/i,
    'Behind the issuer there is no OpenID provider: open it with /.well-known/openid-configuration at its end; JSON must come.',
  ],
  [/key/i, 'The provider publishes no key that its ID tokens could be checked by: see its jwks_uri.'],
  [/certificate/i, 'Give the provider’s new metadata below; while both certificates are in it, nobody is kept out.'],
]

/** What usually lies behind a sentence of the server's. */
export function nextFor(problem: string): string {
  return (
    causes.find(([when]) => when.test(problem))?.[1] ??
    'Try again in a minute; if it stays so, send these words to whoever runs the provider.'
  )
}

const asymmetric = /^(RS|PS|ES)\d{3}$|^EdDSA$|^Ed25519$/

function signing({ algorithms }: Found): Check {
  const good = algorithms.filter((one) => asymmetric.test(one))
  if (algorithms.length === 0)
    return { name: 'How it signs', verdict: 'not_assessed', said: 'The provider does not say how it signs ID tokens.' }
  return good.length > 0
    ? { name: 'How it signs', verdict: 'passed', said: `It signs ID tokens by ${good.join(', ')}.` }
    : {
        name: 'How it signs',
        verdict: 'failed',
        said: `It signs ID tokens by ${algorithms.join(', ')} alone, which anybody can make who knows the secret.`,
        next: 'Choose RS256 or ES256 for this application at the provider.',
      }
}

function ofOidc(found: Found): readonly Check[] {
  return [
    { name: 'Reaching it', verdict: 'passed', said: 'It is there, and calls itself by the issuer that was written down.' },
    found.keys > 0
      ? { name: 'Its keys', verdict: 'passed', said: `It publishes ${found.keys === 1 ? 'one key' : `${found.keys} keys`}.` }
      : { name: 'Its keys', verdict: 'failed', said: 'It publishes no keys.', next: nextFor('key') },
    signing(found),
    found.namesIssuer
      ? {
          name: 'It names itself',
          verdict: 'passed',
          said: 'Its answers say who they are from (RFC 9207), so that none can be brought from another provider.',
        }
      : {
          name: 'It names itself',
          verdict: 'not_assessed',
          said: 'Its answers do not say who they are from (RFC 9207). Sign-in works; ask the provider to switch it on.',
        },
    found.backChannelLogout
      ? { name: 'Signing out', verdict: 'passed', said: 'Signing out there ends sessions here, once the address above is registered.' }
      : {
          name: 'Signing out',
          verdict: 'not_assessed',
          said: 'It tells nobody when somebody signs out there: sessions here go on until they end.',
        },
  ]
}

function ofSaml({ keys, problem }: Found): readonly Check[] {
  const soon: readonly Check[] =
    problem === null ? [] : [{ name: 'Its last certificate', verdict: 'not_assessed', said: problem, next: nextFor('certificate') }]
  return [
    {
      name: 'Its certificates',
      verdict: 'passed',
      said: `${keys === 1 ? 'One certificate of it is' : `${keys} certificates of it are`} good today.`,
    },
    ...soon,
    {
      name: 'A sign-in',
      verdict: 'not_assessed',
      said: 'By SAML only a browser speaks to the provider: a trial sign-in shows whether it answers as its metadata says.',
    },
  ]
}

/** The checks, what failed first. */
export function checksOf(found: Found, protocol: 'oidc' | 'saml'): readonly Check[] {
  if (!found.works) {
    const said = (found.problem ?? 'It does not work.')
      .replace('The identity provider does not work. ', '')
      .replaceAll('upstream', 'provider')
    return [{ name: protocol === 'oidc' ? 'Reaching it' : 'Its certificates', verdict: 'failed', said, next: nextFor(said) }]
  }
  const all = protocol === 'oidc' ? ofOidc(found) : ofSaml(found)
  return [...all.filter(({ verdict }) => verdict === 'failed'), ...all.filter(({ verdict }) => verdict !== 'failed')]
}
