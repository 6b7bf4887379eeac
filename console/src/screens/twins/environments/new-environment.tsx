// Making an environment: its trust domain and its keys are made with it, and its name is never used again.
import { type ReactElement, useState } from 'react'
import type { InputOf } from '../../../api/call.ts'
import { Act } from '../../../design/act.tsx'
import { EnvironmentMark } from '../../../design/environment-mark.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Select, TextField } from '../../../design/field.tsx'
import { Link, place, useGo } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { usePlacedList } from '../../../shell/placed-list.ts'
import { useView } from '../../../shell/view.ts'
import { Beside } from '../../people/form-section.tsx'
import { firstLack, isSlug, Lacks } from '../../people/fresh.tsx'
import { Marked, useFaults } from '../faults.tsx'
import { OnlyFor, useMe } from '../may-make.tsx'
import { OwnerField } from '../owner-field.tsx'
import { TwinsPage } from '../twins-page.tsx'
import { someEnvironment } from './environments.tsx'

const classes = ['sandbox', 'staging', 'preproduction', 'production'] as const
type Class = (typeof classes)[number]

const meanings: Readonly<Record<Class, string>> = {
  sandbox: 'For trying things out.',
  staging: 'For runs whose outcome counts.',
  preproduction: 'For the last rehearsal: as much like production as a simulation can be.',
  production: 'Runs never execute there. What was promoted acts there, as itself.',
}

/** What its trust domain will be called, by those that there are: each begins with the short name of its environment. */
function useDomain(slug: string): string {
  const { reading } = usePlacedList('environment:list', { limit: 200 }, { every: false })
  const known = reading.state === 'ready' ? reading.data.items.find((one) => one.trustDomain.startsWith(`${one.slug}.`)) : undefined
  const name = isSlug(slug) ? slug : '…'
  return known === undefined ? `${name}.…` : `${name}${known.trustDomain.slice(known.slug.length)}`
}

function Foretold({ slug, of }: { readonly slug: string; readonly of: Class }): ReactElement {
  const domain = useDomain(slug)
  return (
    <Section title="What it comes to">
      <Facts>
        <Fact name="Side">
          <EnvironmentMark of={of} name={isSlug(slug) ? slug : of} />
          <span className="block text-small text-soft">{meanings[of]}</span>
        </Fact>
        <Fact name="Trust domain">
          <code className="font-mono text-tiny [overflow-wrap:anywhere]">{domain}</code>
          <span className="block text-small text-soft">It is never used again, also when the environment is retired.</span>
        </Fact>
        <Fact name="Keys">its own, made with it, under the key-encryption key of {of === 'production' ? 'production' : 'simulation'}</Fact>
      </Facts>
    </Section>
  )
}

function Fields(): ReactElement {
  const go = useGo()
  const me = useMe()
  const [search, change] = useView()
  const [slug, setSlug] = useState('')
  const of = classes.find((one) => one === search.class) ?? 'sandbox'
  const owner = search.owner ?? me?.id
  const input: InputOf<'environment:create'> = { slug, class: of, owner: owner ?? '' }
  const faults = useFaults(input)
  const lacks = firstLack(
    [slug === '', 'Say what it is called first.'],
    [!isSlug(slug), 'A short name has lower-case letters, digits and hyphens.'],
    [owner === undefined, 'Choose who answers for it.'],
  )
  return (
    <Beside beside={<Foretold slug={slug} of={of} />}>
      <TextField
        label="Short name"
        value={slug}
        onChange={(text) => setSlug(text.trim())}
        hint="The first part of its trust domain."
        maxLength={40}
        error={faults.at('slug')}
        isRequired
        autoFocus
        mono
      />
      <Marked fault={faults.at('class')}>
        <Select
          label="Class"
          value={of}
          onChange={(id) => change({ class: id })}
          choices={classes.map((id) => ({ id, name: id, shown: <EnvironmentMark of={id} name={id} /> }))}
          hint="It stays what it is."
        />
      </Marked>
      <OwnerField
        value={owner}
        onChange={(to) => change({ owner: to })}
        hint="When this person leaves, what acts there stops until somebody takes it over."
        fault={faults.at('owner')}
      />
      {lacks !== undefined ? (
        <Lacks>{lacks}</Lacks>
      ) : (
        <Act
          action="environment:create"
          label="Make the environment"
          title={`Make the environment ${slug}`}
          weight="primary"
          input={() => input}
          asked={{ ...input, slug: 'environment' }}
          before={
            <>
              <p className="flex flex-wrap items-baseline gap-x-2">
                <EnvironmentMark of={of} name={slug} />
                <span>is made with a trust domain, an issuer and keys of its own.</span>
              </p>
              <p>Whoever holds a role everywhere holds it there too.</p>
            </>
          }
          after={({ id, trustDomain }) => (
            <p>
              It is there, as <code className="font-mono text-tiny [overflow-wrap:anywhere]">{trustDomain}</code>.{' '}
              <Link to={place('/connections/new', {}, { environment: id })}>Make a connection</Link> for what runs may reach there.
            </p>
          )}
          onDone={() => go('/environments')}
          onRefused={faults.onRefused}
        />
      )}
    </Beside>
  )
}

/** The screen. */
export function NewEnvironment(): ReactElement {
  const me = useMe()
  return (
    <TwinsPage title="New environment" below="/environments" line="Where runs execute, or where what was promoted acts.">
      <OnlyFor action="environment:create" asked={someEnvironment(me?.id)}>
        <Fields />
      </OnlyFor>
    </TwinsPage>
  )
}
