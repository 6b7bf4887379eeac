// What a provider and we know each other by, and how it is changed without an interruption: certificates by new metadata, a client's secret, our own key.
import { type ReactElement, useState } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { Act } from '../../../design/act.tsx'
import { Notice } from '../../../design/conditions.tsx'
import { TextField } from '../../../design/field.tsx'
import { Icon } from '../../../design/icon.tsx'
import { Said } from '../../../design/said.tsx'
import { When } from '../../../design/when.tsx'
import { metadataMax } from './provider-form.tsx'

type Connection = OutputOf<'sso:show'>
type Certificate = NonNullable<Connection['saml']>['certificates'][number]

/** What both sides prove themselves by. */
export function Credentials({ sso }: { readonly sso: Connection }): ReactElement {
  return sso.saml === null ? <Secret sso={sso} /> : <Certificates sso={sso} saml={sso.saml} />
}

const states = {
  good: ['check', 'text-good', 'good'],
  ends_soon: ['warn', 'text-warn', 'ends soon'],
  over: ['cross', 'text-bad', 'over'],
  not_yet: ['clock', 'text-soft', 'not yet'],
} as const

function CertificateRow({ certificate: { sha256, notBefore, notAfter, state } }: { readonly certificate: Certificate }): ReactElement {
  const [icon, tone, word] = states[state]
  return (
    <li className="border-b border-line/70 py-2 last:border-b-0">
      <span className="flex flex-wrap items-baseline gap-x-4">
        <span className={`inline-flex items-center gap-1 ${tone}`}>
          <Icon name={icon} />
          {word}
        </span>
        <span className="text-soft">
          from <When at={notBefore} isExact /> until <When at={notAfter} isExact />
        </span>
      </span>
      <code className="block font-mono text-tiny text-faint [overflow-wrap:anywhere]">{sha256}</code>
    </li>
  )
}

function Certificates({ sso, saml }: { readonly sso: Connection; readonly saml: NonNullable<Connection['saml']> }): ReactElement {
  const [metadata, setMetadata] = useState('')
  return (
    <>
      {saml.warning === null ? null : (
        <Notice tone="warn" title="Before long nobody signs in through it.">
          <Said text={saml.warning} />
        </Notice>
      )}
      <p className="mb-2 max-w-prose text-soft">
        What the provider signs with. To change it without an interruption, give its metadata with both certificates, and later the one with
        the new alone.
      </p>
      <ul aria-label="Certificates of the provider">
        {saml.certificates.map((one) => (
          <CertificateRow key={one.sha256} certificate={one} />
        ))}
      </ul>
      {sso.state === 'retired' ? null : (
        <div className="mt-3 flex max-w-xl flex-col items-start gap-3">
          <div className="w-full">
            <TextField
              label="New metadata"
              value={metadata}
              onChange={setMetadata}
              lines={4}
              mono
              maxLength={metadataMax}
              hint="Of the same provider: people are linked to its subjects."
            />
          </div>
          <div className="flex flex-wrap gap-2">
            {metadata.includes('EntityDescriptor') ? (
              <Act
                action="sso:change"
                label="Use this metadata"
                weight="primary"
                input={() => ({ sso: sso.id, metadata })}
                asked={{ sso: sso.id }}
                before={<p>The certificates in it count from now on, and no other ones do.</p>}
                after={({ saml: now }) => <p>{now?.certificates.length ?? 0} of its certificates count now.</p>}
                onDone={() => setMetadata('')}
              />
            ) : null}
            <NewKey
              sso={sso}
              said="The provider must know the new certificate before it encrypts again; our requests are signed with it at once."
            />
          </div>
        </div>
      )}
    </>
  )
}

function NewKey({ sso, said }: { readonly sso: Connection; readonly said: string }): ReactElement {
  return (
    <Act
      action="sso:change"
      label="Make a new key of ours"
      input={() => ({ sso: sso.id, newKey: true })}
      before={<p>The one before ends at once. {said}</p>}
      after={() => <p>It is made. Register what is shown above with the provider.</p>}
    />
  )
}

function Secret({ sso }: { readonly sso: Connection }): ReactElement {
  const [secret, setSecret] = useState('')
  if (sso.state === 'retired') return <p className="text-soft">Nothing is changed of a connection that is retired.</p>
  return (
    <div className="flex max-w-xl flex-col items-start gap-3">
      <div className="w-full">
        <TextField
          label="New client secret"
          type="password"
          value={secret}
          onChange={setSecret}
          maxLength={500}
          hint="Sealed at once, never shown again. The one before counts no more."
        />
      </div>
      <div className="flex flex-wrap gap-2">
        {secret.length >= 8 ? (
          <Act
            action="sso:change"
            label="Use this secret"
            weight="primary"
            input={() => ({ sso: sso.id, secret })}
            asked={{ sso: sso.id }}
            before={<p>Sign-ins prove us by it from now on.</p>}
            after={() => <p>It counts. Test it.</p>}
            onDone={() => setSecret('')}
          />
        ) : null}
        <NewKey sso={sso} said="We prove ourselves by it instead of a secret; sign-ins fail until the provider knows its public half." />
      </div>
    </div>
  )
}
