// Registering a workload: as whom it acts, where, and who answers for it. Its key is made in this browser and shown this once, or made elsewhere, and its public half
// pasted.
import { type ReactElement, useState } from 'react'
import type { InputOf } from '../../../api/call.ts'
import { session } from '../../../api/session.ts'
import { useStore } from '../../../api/store.ts'
import { Act } from '../../../design/act.tsx'
import { Code } from '../../../design/code.tsx'
import { EnvironmentMark } from '../../../design/environment-mark.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Select, TextField } from '../../../design/field.tsx'
import { Digest } from '../../../design/id.tsx'
import { Link, place, useGo } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { useView } from '../../../shell/view.ts'
import { type Directory, useDirectory } from '../../access/names.ts'
import { Pick } from '../../access/pick.tsx'
import { Beside } from '../form-section.tsx'
import { firstLack, isSlug, Lacks } from '../fresh.tsx'
import { useLookup } from '../lookup.ts'
import { ClearanceField, clearances } from '../people/new-person.tsx'
import { PeoplePage } from '../people-page.tsx'
import { useThumbprint } from './key-field.tsx'
import { isMadeIn, KeyChoice, KeyMade, useKeyPair } from './made-key.tsx'
import type { KeyPair } from './new-key.ts'
import { noKey, type PublicKey } from './public-key.ts'

const kinds = [
  { id: 'pipeline', name: 'pipeline: launches runs' },
  { id: 'agent', name: 'agent: acts by itself' },
  { id: 'service', name: 'service: does what was promoted' },
] as const

type Input = InputOf<'workload:create'>

interface ForetoldProps {
  readonly environment: string | undefined
  readonly of: Directory
  readonly thumbprint: string | undefined
  readonly command: string
}

function Foretold({ environment, of, thumbprint, command }: ForetoldProps): ReactElement {
  const kind = environment === undefined ? undefined : of.classOf(environment)
  return (
    <Section title="What it comes to">
      <Facts>
        <Fact name="Acts">
          {kind === undefined || environment === undefined ? (
            <span className="text-faint">in one environment</span>
          ) : (
            <>
              <EnvironmentMark of={kind} name={of.nameOf(environment) ?? environment} />
              <span className="block text-small text-soft">
                {kind === 'production'
                  ? 'Not yet: it gets no token there before a promotion of it was approved and crossed.'
                  : 'At once, and nowhere else.'}
              </span>
            </>
          )}
        </Fact>
        <Fact name="Holds">
          nothing, until something is given to it
          <span className="block text-small text-soft">You bring its key: what reaches far is then given by another administrator.</span>
        </Fact>
        <Fact name="Its key">
          {thumbprint === undefined ? <span className="text-faint">none yet</span> : <Digest digest={thumbprint} />}
        </Fact>
      </Facts>
      <p className="mt-5 mb-1 text-small text-soft">Or where it will live, with its key in a file from the first moment:</p>
      <Code text={command} />
    </Section>
  )
}

type Search = Readonly<Record<string, string | undefined>>

/** What the URL and the fields say so far, and what is missing of it. */
function formOf(search: Search, typed: { readonly slug: string; readonly me: string | undefined; readonly jwk: PublicKey | undefined }) {
  const { slug, me, jwk } = typed
  const { environment, owner = me } = search
  const lacks = firstLack(
    [slug === '', 'Say what it is called first.'],
    [!isSlug(slug), 'A short name has lower-case letters, digits and hyphens.'],
    [environment === undefined, 'Choose the environment that it acts in.'],
    [owner === undefined, 'Choose who answers for it.'],
    [jwk === undefined, isMadeIn(search) ? 'Its key is being made.' : 'Paste its public key.'],
  )
  const input: Input = {
    kind: kinds.find(({ id }) => id === search.kind)?.id ?? 'pipeline',
    slug,
    environment: environment ?? '',
    owner: owner ?? '',
    clearance: clearances.find((one) => one === search.clearance) ?? 'internal',
    jwk: jwk ?? noKey,
  }
  return { input, lacks, environment, owner }
}

/** The same on the command line. */
function commandOf({ kind, slug }: Input, environment: string | undefined): string {
  const name = isSlug(slug) ? slug : '<name>'
  return `npx twinlock workload create --kind ${kind} --slug ${name} --environment ${environment ?? '<environment>'} --owner <person> --key-file <file>`
}

interface RegisterProps {
  readonly input: Input
  /** The pair whose public half is registered; undefined where it was pasted. */
  readonly pair: KeyPair | undefined
}

function Register({ input, pair }: RegisterProps): ReactElement {
  const go = useGo()
  return (
    <Act
      action="workload:create"
      label="Register it"
      title={`Register ${input.slug}`}
      weight="primary"
      input={() => input}
      asked={{ ...input, slug: 'workload', jwk: noKey }}
      before={
        <p>
          It acts as <strong className="font-medium">{input.slug}</strong> by its key from then on, and holds nothing until something is
          given to it.
          {pair === undefined ? '' : ' Its key file is shown when it is done, this once: have a place for it.'}
        </p>
      }
      after={(workload) => (
        <>
          {pair === undefined ? <p>It is registered, and acts by the key that you pasted.</p> : <KeyMade workload={workload} pair={pair} />}
          <p className="mt-3">
            <Link to={place('/access/new-grant', {}, { principal: workload.id })}>Give access</Link> to what it is for.
          </p>
        </>
      )}
      onDone={({ id }) => go(place('/people/workloads/$workload', { workload: id }))}
    />
  )
}

/** The screen. */
export function NewWorkload(): ReactElement {
  const now = useStore(session)
  const [search, change] = useView()
  const of = useDirectory(true, false)
  const [slug, setSlug] = useState('')
  const [pasted, setPasted] = useState<PublicKey>()
  const pair = useKeyPair()
  const isMade = isMadeIn(search)
  const jwk = isMade ? pair?.open : pasted
  const thumbprint = useThumbprint(jwk)
  const me = now.state === 'somebody' ? now.here.person : undefined
  const { input, lacks, environment, owner } = formOf(search, { slug, me: me?.id, jwk })
  const { choices, onType } = useLookup({ people: true, value: owner })
  const withMe = choices.some(({ id }) => id === me?.id) || me === undefined ? choices : [...choices, me]
  const named = environment === undefined ? undefined : (of.nameOf(environment) ?? environment)
  return (
    <PeoplePage
      title="Register a workload"
      below="/people/workloads"
      line="A pipeline, an agent or a service. It acts by a key of its own; Twinlock keeps the public half alone."
    >
      <Beside beside={<Foretold environment={environment} of={of} thumbprint={thumbprint} command={commandOf(input, named)} />}>
        <Select label="Kind" value={input.kind} onChange={(id) => change({ kind: id })} choices={kinds} />
        <TextField
          label="Short name"
          value={slug}
          onChange={setSlug}
          hint="The last part of the identity that it acts as."
          maxLength={40}
          isRequired
          mono
        />
        <Select
          label="Acts in"
          value={environment}
          onChange={(id) => change({ environment: id })}
          choices={of.environments.map(({ id, name, class: type }) => ({ id, name, shown: <EnvironmentMark of={type} name={name} /> }))}
        />
        <Pick
          label="Who answers for it"
          value={owner}
          onChange={(to) => change({ owner: to })}
          choices={withMe}
          onType={onType}
          ids={['per']}
          hint="When this person leaves, it stops until somebody takes it over."
          isRequired
        />
        <ClearanceField
          value={input.clearance ?? 'internal'}
          onChange={(to) => change({ clearance: to })}
          hint="The most sensitive content that anything it is given reaches."
        />
        <KeyChoice isMade={isMade} onChange={(key) => change({ key })} onPasted={setPasted} />
        {lacks !== undefined ? <Lacks>{lacks}</Lacks> : <Register input={input} pair={isMade ? pair : undefined} />}
      </Beside>
    </PeoplePage>
  )
}
