// Opening a directory: what it is called, and the token that the provider sends, shown this once.
import { type ReactElement, useState } from 'react'
import { Act } from '../../../design/act.tsx'
import { TextField } from '../../../design/field.tsx'
import { Tick } from '../../access/tick.tsx'
import { firstLack, isSlug, Lacks, slugFrom } from '../../people/fresh.tsx'
import { ShownOnce } from '../copied.tsx'

interface DirectoryFormProps {
  readonly onMade?: (directory: string) => void
  readonly isAdministrator: boolean
}

/** The base URL and the token of a directory, as they are shown once. */
export function NewToken({ baseUrl, token }: { readonly baseUrl: string; readonly token: string }): ReactElement {
  return (
    <ShownOnce
      shown={[
        { name: 'Base URL', text: baseUrl, hint: 'also called tenant URL' },
        { name: 'Token', text: token, hint: 'sent as a bearer token, in an HTTP header' },
      ]}
    >
      The token is shown this once. Paste it into the provider now; only its hash is kept.
    </ShownOnce>
  )
}

/** The form. */
export function DirectoryForm({ onMade, isAdministrator }: DirectoryFormProps): ReactElement {
  const [name, setName] = useState('')
  const [ownSlug, setSlug] = useState<string>()
  const [adopts, setAdopts] = useState(false)
  const slug = ownSlug ?? slugFrom(name)
  const missing = firstLack([name.trim() === '', 'Give it a name first.'], [!isSlug(slug), 'Its short name is lower case, with dashes.'])
  return (
    <div className="flex max-w-xl flex-col items-start gap-4">
      <div className="w-full">
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          hint="What the provider is known by: Okta, Entra."
          maxLength={200}
          isRequired
        />
      </div>
      <div className="w-full">
        <TextField label="Short name" value={slug} onChange={setSlug} hint="Lower case, with dashes." maxLength={40} isRequired />
      </div>
      {isAdministrator ? (
        <div>
          <Tick on={adopts} onChange={setAdopts}>
            Take over people who are here already, by their address
          </Tick>
          <p className="pl-6 text-small text-soft">Otherwise a user who is somebody else here is refused.</p>
        </div>
      ) : null}
      {missing !== undefined ? (
        <Lacks>{missing}</Lacks>
      ) : (
        <Act
          action="directory:create"
          label="Open the directory"
          weight="primary"
          input={() => ({ slug, name: name.trim(), ...(isAdministrator ? { adopts } : {}) })}
          asked={{ slug: 'directory', name: 'Directory' }}
          before={<p>A token is made for it, which is shown this once. Whoever it adds holds nothing but what mappings and grants give.</p>}
          after={(made) => <NewToken {...made} />}
          {...(onMade === undefined ? {} : { onDone: ({ directory }: { readonly directory: string }) => onMade(directory) })}
        />
      )}
    </div>
  )
}
