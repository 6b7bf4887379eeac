// The domains of a connection: claimed, proved by a DNS record that is copied from here, and given up.
import { type ReactElement, useState } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useList } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Notice, Shown } from '../../../design/conditions.tsx'
import { Facts } from '../../../design/facts.tsx'
import { TextField } from '../../../design/field.tsx'
import { State } from '../../../design/state.tsx'
import { When } from '../../../design/when.tsx'
import { Copied } from '../copied.tsx'

type Domain = OutputOf<'domain:list'>['items'][number]

/** The domains of one connection. */
export function Domains({ sso, isRetired }: { readonly sso: string; readonly isRetired: boolean }): ReactElement {
  const reading = useList('domain:list', { sso, limit: 100 })
  return (
    <>
      <p className="mb-2 max-w-prose text-soft">
        The provider is believed about addresses of domains that were proved here, and about no others. A domain belongs to one
        organization.
      </p>
      <Shown of={reading} what="domains" rows={2}>
        {({ items }) => (
          <>
            <ul aria-label="Domains">
              {items.map((domain) => (
                <Item key={domain.id} domain={domain} />
              ))}
            </ul>
            {isRetired ? null : <Claim sso={sso} />}
          </>
        )}
      </Shown>
    </>
  )
}

/** What became of the record of a domain that was proved. */
function Missing({ domain: { state, lapsesAt } }: { readonly domain: Domain }): ReactElement {
  if (state === 'lapsed')
    return (
      <Notice tone="bad" title="It has lapsed.">
        Its record was gone for too long. Who is linked already signs in as before; nobody is linked or added by its addresses.
      </Notice>
    )
  return (
    <Notice tone="warn" title="Its record is missing.">
      {lapsesAt === null ? null : (
        <>
          If it stays so, the domain lapses <When at={lapsesAt} />: nobody is linked or added by its addresses any more.
        </>
      )}
    </Notice>
  )
}

function Item({ domain }: { readonly domain: Domain }): ReactElement {
  const { id, name, state, verifiedAt, missingSince, record } = domain
  const isWell = state === 'verified' && missingSince === null
  return (
    <li className="border-b border-line/70 py-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-3">
          <span className="font-medium [overflow-wrap:anywhere]">{name}</span>
          <State is={state === 'verified' ? 'proved' : state === 'lapsed' ? 'lapsed' : 'claimed_only'} />
          {verifiedAt === null ? null : (
            <span className="text-small text-soft">
              <When at={verifiedAt} />
            </span>
          )}
        </span>
        <span className="flex flex-wrap gap-2">
          {isWell ? null : (
            <Act
              action="domain:verify"
              label="Look the record up"
              title={`Prove ${name}`}
              weight="primary"
              input={() => ({ domain: id })}
              before={
                <p>
                  DNS is asked for the record now. Once it is proved, {name} leads to this provider, which is believed about its addresses.
                </p>
              }
              after={() => <p>{name} is proved.</p>}
            />
          )}
          <Act
            action="domain:release"
            label="Give it up"
            title={`Give ${name} up`}
            weight="quiet"
            input={() => ({ domain: id })}
            before={<p>Nobody is added or found by its addresses any more. Who is linked already stays.</p>}
            after={() => <p>{name} is given up.</p>}
          />
        </span>
      </div>
      {isWell ? null : (
        <div className="mt-2">
          {missingSince === null ? null : <Missing domain={domain} />}
          <Facts>
            <Copied name="Record name" text={record.name} hint="Some DNS hosts want only the part before the domain." />
            <Copied name="Type TXT, value" text={record.value} />
          </Facts>
        </div>
      )}
    </li>
  )
}

const pattern = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i

function Claim({ sso }: { readonly sso: string }): ReactElement {
  const [name, setName] = useState('')
  const wanted = name.trim().toLowerCase()
  return (
    <div className="mt-3 flex max-w-xl flex-wrap items-end gap-2">
      <div className="min-w-0 flex-1 basis-60">
        <TextField
          label="Another domain"
          value={name}
          onChange={setName}
          maxLength={253}
          hint="Like example.com: what stands behind the @."
        />
      </div>
      {pattern.test(wanted) ? (
        <div className="pb-6">
          <Act
            action="domain:claim"
            label="Claim it"
            input={() => ({ name: wanted, sso })}
            asked={{ name: 'domain.example', sso }}
            before={<p>A claim gives nothing. A record to set in DNS is shown, which proves it.</p>}
            after={({ record }) => (
              <>
                <p className="mb-2">Set this record, wait until DNS tells it, then look it up.</p>
                <Facts>
                  <Copied name="Record name" text={record.name} />
                  <Copied name="Type TXT, value" text={record.value} />
                </Facts>
              </>
            )}
            onDone={() => setName('')}
          />
        </div>
      ) : null}
    </div>
  )
}
