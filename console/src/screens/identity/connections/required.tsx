// Whether the provider is the only way in: what requiring it does, who stays able to come in without it, and what must be so first.
import type { ReactElement } from 'react'
import { useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Shown } from '../../../design/conditions.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { State } from '../../../design/state.tsx'
import { counted } from '../../../design/time.ts'

/** The rules of signing in. */
export function Required({ providers }: { readonly providers: number }): ReactElement {
  const reading = useRead('organization:sign-in', {})
  return (
    <Section title="The only way in">
      <Shown of={reading} what="the rules of signing in" rows={2}>
        {({ requireSso, stepUpMinutes }) => (
          <>
            <Facts>
              <Fact name="Provider">
                {requireSso ? <State is="active" /> : <span className="text-soft">not required</span>}
                <span className="mt-0.5 block text-small text-soft">
                  {requireSso
                    ? 'Everybody, guests included, signs in through a provider. Links, passkeys and recovery codes open nothing.'
                    : 'One-time links, passkeys and recovery codes work beside it.'}
                </span>
              </Fact>
              <Fact name="Break-glass">
                <span className="block">
                  Administrators make a one-time link for somebody when the provider is down. Every administrator is told of its use for a
                  week.
                </span>
                <code className="font-mono text-tiny text-soft">npx twinlock person break-glass per_… --reason "…"</code>
              </Fact>
              <Fact name="A sign-in is fresh for">
                {stepUpMinutes % 60 === 0 ? counted(stepUpMinutes / 60, 'hour') : counted(stepUpMinutes, 'minute')}
                <span className="block text-small text-soft">
                  Approving, crossing and changes of who signs in how ask for a fresh one.{' '}
                  <Link to={place('/identity/organization', {}, { edit: 'fresh' })}>Change it</Link>
                </span>
              </Fact>
            </Facts>
            <div className="mt-3">{requireSso ? <StopRequiring /> : <Require providers={providers} />}</div>
          </>
        )}
      </Shown>
    </Section>
  )
}

function Require({ providers }: { readonly providers: number }): ReactElement {
  return (
    <Act
      action="organization:require-sso"
      label="Require the provider"
      weight="danger"
      input={(reason) => ({ required: true, reason })}
      notNow={providers === 0 ? 'No provider is in use yet.' : undefined}
      reason="Why it is the only way in; goes on the record."
      before={
        <>
          <p>
            Every session that was not opened through a provider ends at once, and so does every link that nobody used yet. Guests’ too.
          </p>
          <p>
            You must have come in through a provider yourself: that shows that nobody is locked out. Administrators keep break-glass links,
            and whoever has the machine that Twinlock runs on keeps <code className="font-mono text-tiny">twinlock login</code>.
          </p>
        </>
      }
      after={({ sessions, links }) => (
        <p>
          It is the only way in. {counted(sessions, 'session')} and {counted(links, 'link')} ended.
        </p>
      )}
    />
  )
}

function StopRequiring(): ReactElement {
  return (
    <Act
      action="organization:require-sso"
      label="Stop requiring it"
      input={(reason) => ({ required: false, reason })}
      reason="Why it is not the only way in any more; goes on the record."
      before={<p>One-time links, passkeys and recovery codes open sessions again.</p>}
      after={() => <p>Links, passkeys and recovery codes work again.</p>}
    />
  )
}
