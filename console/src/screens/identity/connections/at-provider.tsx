// What the provider has to know of us: copied out of here and pasted there.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { organizationHere } from '../../../api/session.ts'
import { Code } from '../../../design/code.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Copied } from '../copied.tsx'

type Connection = OutputOf<'sso:show'>

/** The rows to copy. */
export function AtProvider({ sso }: { readonly sso: Connection }): ReactElement {
  return sso.saml === null ? <Oidc sso={sso} /> : <Saml sso={sso} saml={sso.saml} />
}

function Oidc({ sso: { id, clientId, authentication, publicJwk } }: { readonly sso: Connection }): ReactElement {
  const { origin } = window.location
  return (
    <>
      <p className="mb-2 max-w-prose text-soft">
        Make a web application there, for the authorization code flow, and give it these. The provider has to tell <code>auth_time</code>{' '}
        when it is asked for a <code>max_age</code>, and to sign ID tokens with an asymmetric key.
      </p>
      <Facts>
        <Copied name="Redirect URI" text={`${origin}/sso/callback`} hint="Also called callback or reply URL." />
        <Copied
          name="Back-channel logout URI"
          text={`${origin}/sso/logout/${organizationHere() ?? ''}/${id}`}
          hint="So that signing out there ends sessions here."
        />
        <Copied name="Post-logout redirect URI" text={`${origin}/login`} />
        <Fact name="Client id">
          <code className="font-mono text-tiny [overflow-wrap:anywhere]">{clientId}</code>
        </Fact>
        {authentication === 'secret' ? (
          <Fact name="We prove ourselves by">the client secret, which lies sealed here</Fact>
        ) : (
          <Fact name="We prove ourselves by">
            <span className="mb-1 block">a key (private_key_jwt, ES256): register its public half</span>
            <Code text={publicJwk ?? ''} label="the public key" />
          </Fact>
        )}
      </Facts>
    </>
  )
}

function Saml({ saml, sso }: { readonly sso: Connection; readonly saml: NonNullable<Connection['saml']> }): ReactElement {
  return (
    <>
      <p className="mb-2 max-w-prose text-soft">
        Where the provider takes metadata, give it the address of ours: everything is in it. By hand it is these. Assertions must be signed
        (RSA with SHA-256 or SHA-512), and carry an address as <code>email</code> or <code>mail</code>, or as their name.
      </p>
      <Facts>
        <Copied name="Our metadata" text={saml.entityId} hint="The same address is our entity id, also called audience." />
        <Copied name="ACS URL" text={saml.answerUrl} hint="Also called reply URL, or assertion consumer service. By HTTP-POST." />
        <Copied name="Single logout URL" text={saml.signOutAddress} hint="So that signing out there ends sessions here." />
        <Fact name="Name ID">persistent is best: an address goes to somebody else one day</Fact>
        <Fact name="Our certificate">
          <details>
            <summary className="rounded-mark">
              <span className="text-soft">Requests are signed with its key; assertions may be encrypted for it.</span>
            </summary>
            <div className="mt-2">
              <Code text={pem(saml.ownCertificate)} label={`the certificate of ${sso.slug}`} />
            </div>
          </details>
        </Fact>
      </Facts>
    </>
  )
}

const pem = (base64: string): string =>
  `-----BEGIN CERTIFICATE-----\n${base64.replace(/(.{64})/g, '$1\n').trim()}\n-----END CERTIFICATE-----`
