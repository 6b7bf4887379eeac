// One admin link: what was set up by it, accepting that, and ending the link.
import type { ReactElement } from 'react'
import { useList, useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Id } from '../../../design/id.tsx'
import { place, Link as ViewLink } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { State } from '../../../design/state.tsx'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { Thing, Trails } from '../../audit/thing.tsx'
import { protocolWord } from '../connections/words.tsx'
import { IdentityPage } from '../identity-page.tsx'
import { type Link, purposeWord } from './links.tsx'

/** The screen. */
export function AdminLink({ id }: { readonly id: string }): ReactElement {
  const reading = useList('link:list', { limit: 200 })
  const link = reading.state === 'ready' ? reading.data.items.find((one) => one.id === id) : undefined
  return (
    <IdentityPage
      title={link === undefined ? 'Admin link' : visible(link.name)}
      below="/identity/links"
      line={
        link === undefined ? undefined : (
          <>
            <State is={link.waits ? 'waits_for_you' : link.state} />
            <span>sets up {purposeWord[link.purpose]}</span>
          </>
        )
      }
      actions={link === undefined ? undefined : <Acts link={link} />}
    >
      <Shown of={reading} what="the admin link">
        {({ items }) =>
          items.some((one) => one.id === id) && link !== undefined ? (
            <Whole link={link} />
          ) : (
            <Empty title="There is no admin link with this id." />
          )
        }
      </Shown>
    </IdentityPage>
  )
}

function Whole({ link }: { readonly link: Link }): ReactElement {
  const { id, sso, directory, purpose, state, expiresAt, madeBy, createdAt } = link
  return (
    <>
      <Section title="What was set up by it">
        <Facts>
          {purpose === 'directory' ? null : sso === null ? <Fact name="Provider">not connected</Fact> : <Provider sso={sso} />}
          {purpose === 'sign-in' ? null : directory === null ? (
            <Fact name="Directory">not opened</Fact>
          ) : (
            <Directory directory={directory} />
          )}
        </Facts>
      </Section>
      <Section title="On the record">
        <Facts>
          <Fact name={state === 'open' ? 'Ends' : 'Good until'}>
            <When at={expiresAt} />
          </Fact>
          <Fact name="Made">
            <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
              <When at={createdAt} /> by <Maker id={madeBy} />
            </span>
          </Fact>
          <Fact name="Id">
            <Id id={id} /> <Trails id={id} />
          </Fact>
        </Facts>
      </Section>
    </>
  )
}

function Maker({ id }: { readonly id: string }): ReactElement {
  const reading = useRead('person:show', { person: id }, { every: false })
  return <Thing id={id} name={reading.state === 'ready' ? visible(reading.data.name) : undefined} linked brief />
}

function Provider({ sso }: { readonly sso: string }): ReactElement {
  const reading = useRead('sso:show', { sso })
  return (
    <Fact name="Provider">
      <Shown of={reading} what="the provider" rows={1}>
        {({ name, issuer, protocol, domains, state, saml }) => (
          <>
            <span className="flex flex-wrap items-baseline gap-x-3">
              <ViewLink to={place('/identity/$id', { id: sso })}>
                <bdi>{visible(name)}</bdi>
              </ViewLink>
              <State is={state} />
              <span className="text-soft">{protocolWord[protocol]}</span>
            </span>
            <code className="block font-mono text-tiny [overflow-wrap:anywhere]">{visible(issuer)}</code>
            <span className="block">
              {domains.length === 0 ? <span className="text-warn">no domain is proved for it</span> : <>speaks for {domains.join(', ')}</>}
            </span>
            {saml?.warning ? <span className="block text-warn">{saml.warning}</span> : null}
          </>
        )}
      </Shown>
    </Fact>
  )
}

function Directory({ directory }: { readonly directory: string }): ReactElement {
  const reading = useRead('directory:show', { directory })
  return (
    <Fact name="Directory">
      <Shown of={reading} what="the directory" rows={1}>
        {({ name, state }) => (
          <span className="flex flex-wrap items-baseline gap-x-3">
            <ViewLink to={place('/identity/directories/$id', { id: directory })}>
              <bdi>{visible(name)}</bdi>
            </ViewLink>
            <State is={state} />
          </span>
        )}
      </Shown>
    </Fact>
  )
}

function Acts({ link: { id, name, state, waits, sso, directory } }: { readonly link: Link }): ReactElement {
  return (
    <>
      {waits ? (
        <Act
          action="link:accept"
          label="Accept what was set up"
          title={`Accept what ${visible(name)} set up`}
          weight="primary"
          input={(reason) => ({ link: id, reason })}
          reason="Why it is taken into use; goes on the record."
          before={
            <>
              {sso === null ? null : (
                <p>
                  People of its proved domains sign in through the provider from now on: whoever it says that they are, they are here. Look
                  at its issuer and its domains first.
                </p>
              )}
              {directory === null ? null : <p>The directory is believed from now on: whom it adds is here, whom it removes has left.</p>}
              <p>The link ends.</p>
            </>
          }
          after={() => <p>It is in use. The link has ended.</p>}
        />
      ) : null}
      {state === 'open' ? (
        <Act
          action="link:revoke"
          label="End the link"
          title={`End the link of ${visible(name)}`}
          weight="danger"
          input={(reason) => ({ link: id, reason })}
          reason="Why it ends; goes on the record."
          before={<p>Whoever holds it is nobody from then on. What was set up by it stays proposed: accept it, or retire it.</p>}
          after={(done) => <p>It has ended.{done.waits ? ' What was set up by it waits still.' : ''}</p>}
        />
      ) : null}
    </>
  )
}
