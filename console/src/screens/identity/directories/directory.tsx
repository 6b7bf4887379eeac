// One directory: what the provider is given, what it has said, what differs, and its end.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Notice, Shown } from '../../../design/conditions.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Id } from '../../../design/id.tsx'
import { Link } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { State } from '../../../design/state.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { Thing } from '../../audit/thing.tsx'
import { IdentityPage } from '../identity-page.tsx'
import { Deliveries } from './deliveries.tsx'
import { Drift } from './drift.tsx'
import { Tokens } from './tokens.tsx'

type Shape = OutputOf<'directory:show'>

/** The screen. */
export function DirectoryView({ id }: { readonly id: string }): ReactElement {
  const reading = useRead('directory:show', { directory: id })
  const directory = reading.state === 'ready' ? reading.data : undefined
  return (
    <IdentityPage
      title={directory === undefined ? 'Directory' : visible(directory.name)}
      below="/identity/directories"
      line={
        directory === undefined ? undefined : (
          <>
            <State is={directory.state} />
            <span>
              {directory.lastDelivery === null ? (
                'it has said nothing yet'
              ) : (
                <>
                  it last spoke <When at={directory.lastDelivery} />
                </>
              )}
            </span>
          </>
        )
      }
      actions={directory === undefined ? undefined : <Retire directory={directory} />}
    >
      <Shown of={reading} what="the directory">
        {(shown) => (
          <>
            {shown.state === 'proposed' ? (
              <Notice tone="warn" title="It is proposed." action={<Link to="/identity/links">See the link</Link>}>
                Its token may look, so that the provider can test it, and says nothing before somebody here accepts it.
              </Notice>
            ) : null}
            <Section title="For the provider">
              <Tokens directory={shown} />
            </Section>
            <WhatItSays directory={shown} />
            <Section title="Deliveries">
              <Deliveries directory={shown.id} isLinked />
            </Section>
            <Drift directory={shown.id} />
          </>
        )}
      </Shown>
    </IdentityPage>
  )
}

function WhatItSays({ directory: { users, activeUsers, groups, owner, adopts, id, slug } }: { readonly directory: Shape }): ReactElement {
  return (
    <Section title="What it says">
      <Facts>
        <Fact name="People">
          {counted(activeUsers, 'person works here', 'people work here')}
          {users > activeUsers ? <span className="text-soft">, {counted(users - activeUsers, 'does', 'do')} not any more</span> : null}
        </Fact>
        <Fact name="Groups">{counted(groups, 'group')}</Fact>
        <Fact name="People who were here before it">{adopts ? 'are taken over by their address' : 'stay as they are'}</Fact>
        <Fact name="Owner">
          <Owner id={owner} />
        </Fact>
        <Fact name="Id">
          <Id id={id} /> <span className="text-soft">{slug}</span>
        </Fact>
      </Facts>
    </Section>
  )
}

/** Whoever answers for it, by name where that may be seen. */
function Owner({ id }: { readonly id: string }): ReactElement {
  const reading = useRead('person:show', { person: id }, { every: false })
  return <Thing id={id} name={reading.state === 'ready' ? visible(reading.data.name) : undefined} linked />
}

function Retire({ directory: { id, name, state } }: { readonly directory: Shape }): ReactElement {
  return (
    <Act
      action="directory:retire"
      label="Retire"
      title={`Retire ${visible(name)}`}
      weight="danger"
      input={() => ({ directory: id })}
      notNow={state === 'retired' ? 'It is retired already.' : undefined}
      before={
        <p>
          Its tokens are good for nothing any more. People and groups that came by it stay as they are, and nobody says anything of them.
        </p>
      }
      after={() => <p>It is retired.</p>}
    />
  )
}
