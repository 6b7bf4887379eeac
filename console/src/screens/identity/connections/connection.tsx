// One provider: the steps of its set-up, whom it lets in, and its end.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Notice, Shown } from '../../../design/conditions.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Id } from '../../../design/id.tsx'
import { Link } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { Sensitivity, State } from '../../../design/state.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { IdentityPage } from '../identity-page.tsx'
import { ConnectionSteps } from './connection-steps.tsx'
import { protocolWord, Warning } from './words.tsx'

type Shape = OutputOf<'sso:show'>

/** The screen. */
export function Connection({ id }: { readonly id: string }): ReactElement {
  const reading = useRead('sso:show', { sso: id })
  const sso = reading.state === 'ready' ? reading.data : undefined
  return (
    <IdentityPage
      title={sso === undefined ? 'Provider' : visible(sso.name)}
      below="/identity"
      line={sso === undefined ? undefined : <Line sso={sso} />}
      actions={sso === undefined ? undefined : <Retire sso={sso} />}
    >
      <Shown of={reading} what="the provider">
        {(shown) => (
          <>
            {shown.state === 'proposed' ? (
              <Notice tone="warn" title="It is proposed." action={<Link to="/identity/links">See the link</Link>}>
                It was set up by an admin link. Nobody signs in through it before somebody here accepts it.
              </Notice>
            ) : null}
            <ConnectionSteps sso={shown} />
            <WhoComesIn sso={shown} />
          </>
        )}
      </Shown>
    </IdentityPage>
  )
}

function Line({ sso: { state, protocol, issuer, saml } }: { readonly sso: Shape }): ReactElement {
  return (
    <>
      <State is={state} />
      {saml?.warning ? <Warning>certificate</Warning> : null}
      <span>{protocolWord[protocol]}</span>
      <code className="font-mono text-tiny [overflow-wrap:anywhere]">{visible(issuer)}</code>
    </>
  )
}

function WhoComesIn({ sso }: { readonly sso: Shape }): ReactElement {
  const { id, slug, provisions, clearance, stepUpAcr, saml, createdAt, state } = sso
  return (
    <Section title="Who comes in">
      <Facts>
        <Fact name="Strangers of its domains">
          {provisions ? 'are added when they first sign in, and hold nothing' : 'are refused'}
          {provisions ? (
            <span className="ml-2 text-soft">
              with the clearance <Sensitivity is={clearance} />
            </span>
          ) : null}
        </Fact>
        {saml === null ? null : (
          <Fact name="Answers that nobody asked for">{saml.idpInitiated ? 'sign in (IdP-initiated): each once' : 'are refused'}</Fact>
        )}
        <Fact name="A strong sign-in">
          {stepUpAcr === null ? (
            <span className="text-soft">any counts as fresh</span>
          ) : (
            <code className="font-mono text-tiny">{stepUpAcr}</code>
          )}
        </Fact>
        <Fact name="Created">
          <When at={createdAt} />
        </Fact>
        <Fact name="Id">
          <Id id={id} /> <span className="text-soft">{slug}</span>
        </Fact>
      </Facts>
      {state === 'retired' ? null : (
        <div className="mt-3">
          <Act
            action="sso:change"
            label={provisions ? 'Add nobody any more' : 'Add people when they first sign in'}
            input={() => ({ sso: id, provisions: !provisions })}
            before={
              <p>
                {provisions
                  ? 'Who is not here yet is refused. Who was added stays.'
                  : 'Whoever the provider knows with an address of its proved domains becomes a person here, who holds nothing until something is granted or mapped.'}
              </p>
            }
            after={(now) => <p>{now.provisions ? 'They are added from now on.' : 'Nobody is added any more.'}</p>}
          />
        </div>
      )}
    </Section>
  )
}

function Retire({ sso: { id, name, state } }: { readonly sso: Shape }): ReactElement {
  return (
    <Act
      action="sso:retire"
      label="Retire"
      title={`Retire ${visible(name)}`}
      weight="danger"
      input={() => ({ sso: id })}
      notNow={state === 'retired' ? 'It is retired already.' : undefined}
      before={<p>Nobody signs in through it any more, and the sessions that it opened end at once. It cannot be taken up again.</p>}
      after={({ sessions }) => <p>It is retired; {counted(sessions, 'session')} ended.</p>}
    />
  )
}
