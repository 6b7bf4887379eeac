// One admin link: what was set up by it, accepting that, and ending the link. Whoever holds the link may change it while this page is open: what is accepted is what
// the page showed first, and what came after that is looked at anew.
import { type ReactElement, useState } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Button } from '../../../design/button.tsx'
import { Shown } from '../../../design/conditions.tsx'
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
import { purposeWord } from './links.tsx'

type Link = OutputOf<'link:show'>
type Waiting = NonNullable<Link['waiting']>
type Sso = OutputOf<'sso:show'>

/** The screen. */
export function AdminLink({ id }: { readonly id: string }): ReactElement {
  const reading = useRead('link:show', { link: id })
  const link = reading.state === 'ready' ? reading.data : undefined
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
        {(shown) => <Whole link={shown} />}
      </Shown>
    </IdentityPage>
  )
}

function Whole({ link }: { readonly link: Link }): ReactElement {
  const { id, sso, directory, purpose, state, expiresAt, madeBy, createdAt, waiting } = link
  return (
    <>
      <Section title="What was set up by it">
        <Facts>
          {purpose === 'directory' ? null : sso === null ? (
            <Fact name="Provider">not connected</Fact>
          ) : waiting?.sso ? (
            <Provider sso={waiting.sso} />
          ) : (
            <KnownProvider sso={sso} />
          )}
          {purpose === 'sign-in' ? null : directory === null ? (
            <Fact name="Directory">not opened</Fact>
          ) : waiting?.directory ? (
            <Directory directory={waiting.directory} />
          ) : (
            <KnownDirectory directory={directory} />
          )}
        </Facts>
      </Section>
      <Section title="On the record">
        <Facts>
          <Fact name={state === 'open' ? 'Ends' : 'Good until'}>
            <When at={expiresAt} />
          </Fact>
          <Fact name="Created">
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

function KnownProvider({ sso }: { readonly sso: string }): ReactElement {
  const reading = useRead('sso:show', { sso })
  return reading.state === 'ready' ? <Provider sso={reading.data} /> : <Fact name="Provider">…</Fact>
}

function Provider({ sso }: { readonly sso: Sso }): ReactElement {
  const { id, name, protocol, state, saml } = sso
  return (
    <Fact name="Provider">
      <span className="flex flex-wrap items-baseline gap-x-3">
        <ViewLink to={place('/identity/$id', { id })}>
          <bdi>{visible(name)}</bdi>
        </ViewLink>
        <State is={state} />
        <span className="text-soft">{protocolWord[protocol]}</span>
      </span>
      <Believed sso={sso} />
      {saml?.warning ? <span className="block text-warn">{saml.warning}</span> : null}
    </Fact>
  )
}

/** What is believed once it is accepted: whose word, by which keys, about whom. An issuer alone is a name that anybody can write. */
function Believed({ sso: { issuer, clientId, domains, saml } }: { readonly sso: Sso }): ReactElement {
  const keys =
    saml === null ? [`client ${clientId ?? ''}`] : [saml.signInUrl, ...saml.certificates.map(({ sha256 }) => `signs by sha256:${sha256}`)]
  return (
    <>
      {[issuer, ...keys].map((text) => (
        <code key={text} className="block font-mono text-tiny [overflow-wrap:anywhere]">
          {visible(text)}
        </code>
      ))}
      <span className="block">
        {domains.length === 0 ? <span className="text-warn">no domain is proved for it</span> : <>speaks for {domains.join(', ')}</>}
      </span>
    </>
  )
}

function KnownDirectory({ directory }: { readonly directory: string }): ReactElement {
  const reading = useRead('directory:show', { directory })
  return reading.state === 'ready' ? <Directory directory={reading.data} /> : <Fact name="Directory">…</Fact>
}

function Directory({ directory: { id, name, state } }: { readonly directory: NonNullable<Waiting['directory']> }): ReactElement {
  return (
    <Fact name="Directory">
      <span className="flex flex-wrap items-baseline gap-x-3">
        <ViewLink to={place('/identity/directories/$id', { id })}>
          <bdi>{visible(name)}</bdi>
        </ViewLink>
        <State is={state} />
      </span>
    </Fact>
  )
}

const changed = 'Whoever holds the link has changed it since you opened this page. Look at it again first.'

function Accept({ link: { id, name }, waiting }: { readonly link: Link; readonly waiting: Waiting }): ReactElement {
  const [seen, setSeen] = useState(waiting.seen)
  const { sso, directory } = waiting
  return (
    <>
      {seen === waiting.seen ? null : <Button onPress={() => setSeen(waiting.seen)}>Look at it again</Button>}
      <Act
        action="link:accept"
        label="Accept what was set up"
        title={`Accept what ${visible(name)} set up`}
        weight="primary"
        input={(reason) => ({ link: id, seen, reason })}
        reason="Why it is taken into use; goes on the record."
        notNow={seen === waiting.seen ? undefined : changed}
        before={
          <>
            {sso === null ? null : (
              <>
                <p>People of its proved domains sign in through the provider from now on: whoever it says that they are, they are here.</p>
                <Believed sso={sso} />
              </>
            )}
            {directory === null ? null : <p>The directory is believed from now on: whom it adds is here, whom it removes has left.</p>}
            <p>The link ends.</p>
          </>
        }
        after={() => <p>It is in use. The link has ended.</p>}
      />
    </>
  )
}

function Acts({ link }: { readonly link: Link }): ReactElement {
  const { id, name, state, waiting } = link
  return (
    <>
      {waiting === null ? null : <Accept link={link} waiting={waiting} />}
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
