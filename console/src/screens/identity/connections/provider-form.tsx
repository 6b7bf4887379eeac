// What a provider says of itself, written down or pasted: the first step of a set-up, for administrators and for whoever holds an admin link alike.
import { type ReactElement, useState } from 'react'
import { Act } from '../../../design/act.tsx'
import { Choose } from '../../../design/choose.tsx'
import { TextField } from '../../../design/field.tsx'
import { Tick } from '../../access/tick.tsx'
import { firstLack, isSlug, Lacks, slugFrom } from '../../people/fresh.tsx'

interface ProviderFormProps {
  readonly protocol: 'oidc' | 'saml'
  readonly onProtocol: (protocol: string) => void
  readonly onMade: (sso: string) => void
  /** Whether it is somebody who may say that people are added: by an admin link nobody is. */
  readonly isAdministrator: boolean
}

const choices = [
  { id: 'oidc', name: 'OpenID Connect' },
  { id: 'saml', name: 'SAML 2.0' },
]

/** The form. */
export function ProviderForm({ protocol, onProtocol, onMade, isAdministrator }: ProviderFormProps): ReactElement {
  const [name, setName] = useState('')
  const [ownSlug, setSlug] = useState<string>()
  const [provisions, setProvisions] = useState(false)
  const slug = ownSlug ?? slugFrom(name)
  const common = { slug, name: name.trim(), ...(isAdministrator ? { provisions } : {}) }
  const lack = firstLack([name.trim() === '', 'Give it a name first.'], [!isSlug(slug), 'Its short name is lower case, with dashes.'])
  const Own = protocol === 'oidc' ? Oidc : Saml
  return (
    <div className="flex max-w-xl flex-col gap-4">
      <Choose label="Protocol" value={protocol} onChange={onProtocol} choices={choices} />
      <TextField label="Name" value={name} onChange={setName} hint="What people know the provider by." maxLength={200} isRequired />
      <TextField label="Short name" value={slug} onChange={setSlug} hint="Lower case, with dashes." maxLength={40} isRequired />
      <Own
        common={common}
        lack={lack}
        onMade={onMade}
        more={
          isAdministrator ? (
            <div>
              <Tick on={provisions} onChange={setProvisions}>
                Add people of its domains when they first sign in
              </Tick>
              <p className="pl-6 text-small text-soft">
                Who is added holds nothing until something is granted. Otherwise strangers are refused.
              </p>
            </div>
          ) : null
        }
      />
    </div>
  )
}

interface OwnProps {
  readonly common: { readonly slug: string; readonly name: string; readonly provisions?: boolean }
  readonly lack: string | undefined
  readonly onMade: (sso: string) => void
  readonly more: ReactElement | null
}

function Oidc({ common, lack, onMade, more }: OwnProps): ReactElement {
  const [issuer, setIssuer] = useState('')
  const [clientId, setClientId] = useState('')
  const [secret, setSecret] = useState('')
  const missing = firstLack(
    [lack !== undefined, lack ?? ''],
    [!/^https?:\/\/\S+$/.test(issuer.trim()), 'Write its issuer: an address that begins with https://.'],
    [clientId.trim() === '', 'Write the client id that it gave to Twinlock.'],
    [secret !== '' && secret.length < 8, 'A secret has at least eight characters.'],
  )
  const own = { issuer: issuer.trim(), clientId: clientId.trim(), ...(secret === '' ? {} : { secret }) }
  return (
    <>
      <TextField
        label="Issuer"
        value={issuer}
        onChange={setIssuer}
        hint="To the letter: the address below which /.well-known/openid-configuration lies."
        maxLength={300}
        mono
        isRequired
      />
      <TextField
        label="Client id"
        value={clientId}
        onChange={setClientId}
        hint="What the provider calls Twinlock."
        maxLength={200}
        mono
        isRequired
      />
      <TextField
        label="Client secret"
        type="password"
        value={secret}
        onChange={setSecret}
        hint="Sealed at once and never shown again. Left empty, a key is made here, and you register its public half."
        maxLength={500}
      />
      {more}
      {missing !== undefined ? (
        <Lacks>{missing}</Lacks>
      ) : (
        <Act
          action="sso:create"
          label="Connect it"
          weight="primary"
          input={() => ({ ...common, ...own })}
          asked={{ slug: 'provider', name: 'Provider', issuer: 'https://provider.example', clientId: 'twinlock' }}
          before={<p>It is written down. Nobody signs in through it before a domain is proved for it.</p>}
          after={() => <p>It is there. Now register Twinlock with it.</p>}
          onDone={({ id }) => onMade(id)}
        />
      )}
    </>
  )
}

/** The most that metadata may be long. */
export const metadataMax = 262_144

function Saml({ common, lack, onMade, more }: OwnProps): ReactElement {
  const [metadata, setMetadata] = useState('')
  const missing = firstLack(
    [lack !== undefined, lack ?? ''],
    [!metadata.includes('EntityDescriptor'), 'Paste the provider’s metadata: XML with an EntityDescriptor.'],
  )
  return (
    <>
      <TextField
        label="The provider’s metadata"
        value={metadata}
        onChange={setMetadata}
        hint="The XML itself, not its address: nothing is fetched."
        lines={8}
        mono
        maxLength={metadataMax}
        isRequired
      />
      {more}
      {missing !== undefined ? (
        <Lacks>{missing}</Lacks>
      ) : (
        <Act
          action="sso:create-saml"
          label="Connect it"
          weight="primary"
          input={() => ({ ...common, metadata })}
          asked={{ slug: 'provider', name: 'Provider', metadata: '<EntityDescriptor/>' }}
          before={
            <p>It is written down, with the certificates in its metadata. Nobody signs in through it before a domain is proved for it.</p>
          }
          after={() => <p>It is there. Now register Twinlock with it.</p>}
          onDone={({ id }) => onMade(id)}
        />
      )}
    </>
  )
}
