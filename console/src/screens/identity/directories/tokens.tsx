// What a provider is given to speak over SCIM: the base URL, and a token that is changed with an overlap, so that nothing stands still meanwhile.
import { type ReactElement, useState } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { Act } from '../../../design/act.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Select } from '../../../design/field.tsx'
import { When } from '../../../design/when.tsx'
import { Copied } from '../copied.tsx'
import { NewToken } from './directory-form.tsx'

type Directory = OutputOf<'directory:show'>

const overlaps = [
  { id: '0', name: 'no overlap: it ends at once' },
  { id: '1', name: 'one hour' },
  { id: '24', name: 'one day' },
  { id: '168', name: 'one week' },
]

/** The base URL, the tokens that are good, and the next one. */
export function Tokens({ directory }: { readonly directory: Directory }): ReactElement {
  const [hours, setHours] = useState('24')
  const { id, tokens, state } = directory
  return (
    <>
      <Facts>
        <Copied
          name="Base URL"
          text={`${window.location.origin}/scim/v2`}
          hint="Also called tenant URL. SCIM 2.0; the token goes into an HTTP header."
        />
        <Fact name={tokens.length === 1 ? 'Its token' : 'Its tokens'}>
          {tokens.length === 0 ? <span className="text-soft">None is good any more.</span> : null}
          <ul>
            {tokens.map(({ createdAt, endsAt }) => (
              <li key={createdAt}>
                made <When at={createdAt} />
                {endsAt === null ? (
                  <span className="text-soft">, the one in force</span>
                ) : (
                  <span className="text-warn">
                    , ends <When at={endsAt} />
                  </span>
                )}
              </li>
            ))}
          </ul>
        </Fact>
      </Facts>
      {state === 'retired' ? null : (
        <div className="mt-3 flex flex-wrap items-end gap-2">
          <Select label="The one before stays good for" value={hours} onChange={setHours} choices={overlaps} />
          <Act
            action="directory:rotate-token"
            label="Make a new token"
            input={() => ({ directory: id, overlapHours: Number(hours) })}
            before={
              <p>
                {hours === '0'
                  ? 'The token before ends at once: until the provider has the new one, nothing that it says arrives.'
                  : `The token before stays good: ${overlaps.find((one) => one.id === hours)?.name ?? ''}. Older ones end at once.`}
              </p>
            }
            after={(made) => <NewToken {...made} />}
          />
        </div>
      )}
    </>
  )
}
