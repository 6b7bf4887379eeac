// Making a connection: where it leads, what may be done over it, and the credential that the broker puts in. The credential is kept in its field alone: it stands in
// no address and in nothing that is asked beforehand, and is forgotten when the connection is made, when it is no longer wanted, and when the view is left.
import { type ReactElement, useState } from 'react'
import type { InputOf } from '../../../api/call.ts'
import type { Problem } from '../../../api/problem.ts'
import { Act } from '../../../design/act.tsx'
import { Empty, Loading } from '../../../design/conditions.tsx'
import { EnvironmentMark } from '../../../design/environment-mark.tsx'
import { Select, TextField } from '../../../design/field.tsx'
import { Link, useGo } from '../../../design/link.tsx'
import { visible } from '../../../design/visible.ts'
import { usePlacedList } from '../../../shell/placed-list.ts'
import { useView } from '../../../shell/view.ts'
import { useWholeList } from '../../../shell/whole-list.ts'
import { Pick } from '../../access/pick.tsx'
import { Beside } from '../../people/form-section.tsx'
import { Lacks } from '../../people/fresh.tsx'
import type { ListedEnvironment } from '../environments/environments.tsx'
import { Marked, useFaults } from '../faults.tsx'
import { OnlyFor, useMe } from '../may-make.tsx'
import { OwnerField } from '../owner-field.tsx'
import { TwinsPage } from '../twins-page.tsx'
import { accesses, connectionOf, sensitivities } from './connection-terms.ts'
import { someConnection } from './connections.tsx'
import { CredentialField } from './credential-field.tsx'
import { type Credential, noCredential } from './credential-terms.ts'
import { Foretold } from './foretold.tsx'

type Input = InputOf<'connection:create'>

interface MakeProps {
  readonly input: Input
  readonly where: ListedEnvironment
  readonly credential: Credential
  readonly onMade: () => void
  readonly onRefused: (problem: Problem) => void
}

/** The button. The credential joins the rest at the moment in which it is pressed. */
function Make({ input, where, credential, onMade, onRefused }: MakeProps): ReactElement {
  const go = useGo()
  return (
    <Act
      action="connection:create"
      label="Make the connection"
      title={`Make the connection ${input.slug}`}
      weight="primary"
      input={() => (credential.isGiven ? { ...input, secret: { header: credential.header, value: credential.value } } : input)}
      asked={{ ...input, slug: 'connection', baseUrl: 'https://upstream.example' }}
      before={
        <>
          <p className="flex flex-wrap items-baseline gap-x-2">
            <strong className="font-medium">{input.slug}</strong>
            <span>in</span>
            <EnvironmentMark of={where.class} name={visible(where.slug)} />
          </p>
          <p>
            Runs there whose scenarios name it reach{' '}
            <code className="font-mono text-tiny [overflow-wrap:anywhere]">{visible(input.baseUrl)}</code> from then on, as far as their
            grants go.
          </p>
          {credential.isGiven ? <p>Its credential is sealed, and shown to nobody again: not to you either.</p> : null}
        </>
      }
      after={() => <p>It is there. A scenario reaches it by naming it.</p>}
      onDone={() => {
        onMade()
        go('/connections')
      }}
      onRefused={onRefused}
    />
  )
}

function Fields({ environments }: { readonly environments: readonly ListedEnvironment[] }): ReactElement {
  const me = useMe()
  const [search, change] = useView()
  const [typed, setTyped] = useState({ slug: '', baseUrl: '' })
  const [credential, setCredential] = useState(noCredential)
  const listed = useWholeList('connection:list', { limit: 200 }, { every: false })
  const others = listed.state === 'ready' ? listed.data.items.filter(({ environment }) => environment !== search.environment) : []
  const { input, lacks } = connectionOf(search, typed, credential, me?.id)
  const where = environments.find(({ id }) => id === search.environment)
  // What a field of the credential was refused for is true until it is written anew; the value itself is compared with nothing.
  const faults = useFaults({ ...input, secret: credential.written })
  const nameOf = (id: string): string => visible(environments.find((one) => one.id === id)?.slug ?? id)
  return (
    <Beside beside={<Foretold input={input} where={where} hasCredential={credential.isGiven} />}>
      <Marked fault={faults.at('environment')}>
        <Select
          label="Environment"
          value={search.environment}
          onChange={(id) => change({ environment: id })}
          choices={environments.map(({ id, slug, class: of }) => ({
            id,
            name: slug,
            shown: <EnvironmentMark of={of} name={visible(slug)} />,
          }))}
          hint="It is there alone; what it is called elsewhere is its counterpart."
        />
      </Marked>
      <TextField
        label="Short name"
        value={typed.slug}
        onChange={(slug) => setTyped({ ...typed, slug: slug.trim() })}
        hint="What scenarios name it by: the same in every environment."
        maxLength={40}
        error={faults.at('slug')}
        isRequired
        mono
      />
      <TextField
        label="Base URL"
        value={typed.baseUrl}
        onChange={(baseUrl) => setTyped({ ...typed, baseUrl })}
        hint="Where it leads, without a credential in it: every path lies below this."
        maxLength={300}
        error={faults.at('baseUrl')}
        isRequired
        mono
      />
      <Marked fault={faults.at('access')}>
        <Select
          label="Access"
          value={input.access}
          onChange={(id) => change({ access: id })}
          choices={accesses.map(({ id, name }) => ({ id, name }))}
          hint={accesses.find(({ id }) => id === input.access)?.hint}
        />
      </Marked>
      <Marked fault={faults.at('sensitivity')}>
        <Select
          label="Sensitivity"
          value={input.sensitivity}
          onChange={(id) => change({ sensitivity: id })}
          choices={sensitivities.map((id) => ({ id, name: id }))}
          hint="What a run makes after a call on it is never less sensitive."
        />
      </Marked>
      <OwnerField
        value={search.owner ?? me?.id}
        onChange={(to) => change({ owner: to })}
        hint="When this person leaves, it stops until somebody takes it over."
        fault={faults.at('owner')}
      />
      <Marked fault={faults.at('counterpart')}>
        <Pick
          label="Counterpart"
          value={search.counterpart}
          onChange={(to) => change({ counterpart: to })}
          choices={others.map(({ id, slug, environment }) => ({ id, name: `${slug} in ${nameOf(environment)}` }))}
          ids={['con']}
          hint="The same thing in another environment, where there is one: a promotion leads from one to the other."
        />
      </Marked>
      <CredentialField value={credential} onChange={setCredential} fault={faults.at('secret')} />
      {lacks !== undefined || where === undefined ? (
        <Lacks>{lacks ?? 'Choose its environment.'}</Lacks>
      ) : (
        <Make input={input} where={where} credential={credential} onMade={() => setCredential(noCredential)} onRefused={faults.onRefused} />
      )}
    </Beside>
  )
}

function Form(): ReactElement {
  const me = useMe()
  const { reading } = usePlacedList('environment:list', { limit: 200 }, { every: false })
  if (reading.state === 'loading') return <Loading what="the environments" rows={3} />
  const environments = reading.state === 'ready' ? reading.data.items.filter(({ state }) => state === 'active') : []
  if (environments.length === 0)
    return (
      <Empty title="There is no environment to make it in.">
        A connection lies in an environment. <Link to="/environments/new">Make one first</Link>.
      </Empty>
    )
  return (
    <OnlyFor action="connection:create" asked={someConnection(me?.id, environments[0]?.id)}>
      <Fields environments={environments} />
    </OnlyFor>
  )
}

/** The screen. */
export function NewConnection(): ReactElement {
  return (
    <TwinsPage title="New connection" below="/connections" line="What runs, and what was promoted, may reach in one environment.">
      <Form />
    </TwinsPage>
  )
}
