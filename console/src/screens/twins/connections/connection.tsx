// One connection: where it leads and what may be done over it; stopping it, letting it go on, and giving it the next credential.
import { type ReactElement, useEffect } from 'react'
import { useMay } from '../../../api/may.ts'
import { Act, Withheld } from '../../../design/act.tsx'
import { Empty, Loading, Shown } from '../../../design/conditions.tsx'
import { EnvironmentMark } from '../../../design/environment-mark.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Id } from '../../../design/id.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { Sensitivity, State } from '../../../design/state.tsx'
import { visible } from '../../../design/visible.ts'
import { usePlacedList } from '../../../shell/placed-list.ts'
import { useWholeList } from '../../../shell/whole-list.ts'
import { Somebody } from '../../people/somebody.tsx'
import { isWithheld } from '../may-make.tsx'
import { TwinsPage } from '../twins-page.tsx'
import { accesses } from './connection-terms.ts'
import { Credential, type ListedConnection } from './connections.tsx'
import { NextCredential, someRotation } from './next-credential.tsx'

function Stop({ connection: { id, slug } }: { readonly connection: ListedConnection }): ReactElement {
  return (
    <Act
      action="connection:suspend"
      label="Stop it"
      title={`Stop ${slug}`}
      weight="danger"
      input={() => ({ connection: id })}
      before={
        <ul className="list-disc space-y-1 pl-5">
          <li>No call goes through it from this moment on, whoever makes it. Each is refused, and recorded.</li>
          <li>Runs go on without it. It keeps its credential, and can be let go on.</li>
        </ul>
      }
      after={() => <p>It is stopped: no call goes through it any more.</p>}
    />
  )
}

function GoOn({ connection: { id, slug } }: { readonly connection: ListedConnection }): ReactElement {
  return (
    <Act
      action="connection:resume"
      label="Let it go on"
      title={`Let ${slug} go on`}
      weight="primary"
      input={() => ({ connection: id })}
      before={<p>Calls go through it again, of whoever may make them.</p>}
      after={() => <p>It goes on.</p>}
    />
  )
}

/** The field for the next credential, for whoever may press its button: nobody writes a secret for nothing. */
function MayRotate({ connection }: { readonly connection: string }): ReactElement {
  const may = useMay('connection:rotate', someRotation(connection))
  if (may.state === 'asking') return <Loading what="whether you may" rows={1} />
  return isWithheld(may) ? <Withheld label="Rotate it" may={may} /> : <NextCredential connection={connection} />
}

interface WholeProps {
  readonly connection: ListedConnection
  readonly counterpart: ListedConnection | undefined
}

function Whole({ connection, counterpart }: WholeProps): ReactElement {
  const { id, access, baseUrl, sensitivity, owner, hasSecret } = connection
  return (
    <>
      <Section title="Where it leads">
        <Facts>
          <Fact name="Base URL">
            <code className="font-mono text-tiny [overflow-wrap:anywhere]">
              <bdi>{visible(baseUrl)}</bdi>
            </code>
          </Fact>
          <Fact name="Access">
            <span className={access === 'control' ? 'font-medium text-warn' : ''}>{access}</span>
            <span className="block text-small text-soft">{accesses.find((one) => one.id === access)?.hint}</span>
          </Fact>
          <Fact name="Sensitivity">
            <Sensitivity is={sensitivity} />
          </Fact>
          <Fact name="Counterpart">
            {counterpart === undefined ? (
              <span className="text-faint">{connection.counterpart ?? 'none'}</span>
            ) : (
              <Link to={place('/connections/$connection', { connection: counterpart.id })}>
                <bdi>{visible(counterpart.slug)}</bdi>
              </Link>
            )}
          </Fact>
          <Fact name="Credential">
            <Credential has={hasSecret} />
          </Fact>
          <Fact name="Answers for it">
            <Somebody id={owner} />
          </Fact>
        </Facts>
      </Section>
      {hasSecret ? (
        <Section title="Next credential" note="for each call that is decided from then on">
          <MayRotate connection={id} />
        </Section>
      ) : null}
      <Section title="On the record">
        <Facts>
          <Fact name="Connection">
            <Id id={id} />
          </Fact>
          <Fact name="Elsewhere">
            <Link to={place('/audit', {}, { resource: id })}>Entries about it</Link>
          </Fact>
        </Facts>
      </Section>
    </>
  )
}

/** The screen. */
export function Connection({ id }: { readonly id: string }): ReactElement {
  const reading = useWholeList('connection:list', { limit: 200 })
  const environments = usePlacedList('environment:list', { limit: 200 }, { every: false }).reading
  const listed = reading.state === 'ready' ? reading.data : undefined
  const connection = listed?.items.find((one) => one.id === id)
  const where = environments.state === 'ready' ? environments.data.items.find((one) => one.id === connection?.environment) : undefined
  const more = connection === undefined && listed?.isReadingMore === false ? listed.more : undefined
  useEffect(() => more?.(), [more])
  return (
    <TwinsPage
      title={connection === undefined ? 'Connection' : visible(connection.slug)}
      below="/connections"
      line={
        connection === undefined ? undefined : (
          <>
            <State is={connection.state} />
            {where === undefined ? null : <EnvironmentMark of={where.class} name={visible(where.slug)} />}
          </>
        )
      }
      actions={
        connection === undefined ? undefined : connection.state === 'active' ? (
          <Stop connection={connection} />
        ) : (
          <GoOn connection={connection} />
        )
      }
    >
      <Shown of={reading} what="the connection">
        {({ items, more: next }) =>
          connection !== undefined ? (
            <Whole connection={connection} counterpart={items.find((one) => one.id === connection.counterpart)} />
          ) : next === undefined ? (
            <Empty title="There is no connection with this id." />
          ) : (
            <Loading what="the connection" rows={3} />
          )
        }
      </Shown>
    </TwinsPage>
  )
}
