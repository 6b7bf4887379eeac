// One artifact: what it is, whether it may leave, why it is as sensitive as it is, what is in it, what was checked, and who can read it now. It is governed
// content: it is read once, and nothing inside of it before somebody asks.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { useRead } from '../../api/queries.ts'
import { buttonLook } from '../../design/button.tsx'
import { Code } from '../../design/code.tsx'
import { Shown } from '../../design/conditions.tsx'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Icon } from '../../design/icon.tsx'
import { Digest, Id } from '../../design/id.tsx'
import { Identity } from '../../design/identity.tsx'
import { Link, place } from '../../design/link.tsx'
import { Page, Section } from '../../design/page.tsx'
import { Sensitivity, State } from '../../design/state.tsx'
import { counted, size } from '../../design/time.ts'
import { visibleLines } from '../../design/visible.ts'
import { When } from '../../design/when.tsx'
import { usePlacedList } from '../../shell/placed-list.ts'
import { useParam } from '../../shell/view.ts'
import { Gate, tallyOf } from '../promotions/gate.tsx'
import { PromotionTable } from '../promotions/promotion-table.tsx'
import { nameOf } from './artifacts.tsx'
import { Ask } from './ask.tsx'
import { Files } from './files.tsx'
import { Provenance } from './provenance.tsx'
import { Readers } from './readers.tsx'
import { SensitivityChain } from './sensitivity-chain.tsx'

type ShownArtifact = OutputOf<'artifact:show'>

/** The screen. */
export function Artifact(): ReactElement {
  const id = useParam('artifact')
  const reading = useRead('artifact:show', { artifact: id }, { every: false })
  const artifact = reading.state === 'ready' ? reading.data : undefined
  return (
    <Page
      title={artifact === undefined ? 'Artifact' : nameOf(artifact)}
      crumbs={[{ name: 'Artifacts', to: '/artifacts' }]}
      line={artifact === undefined ? undefined : <Line artifact={artifact} />}
      actions={
        artifact?.state === 'quarantined' ? (
          <a href="#ask" className={buttonLook('plain')}>
            Ask for promotion
          </a>
        ) : undefined
      }
    >
      <Shown of={reading} what="the artifact">
        {(data) => <Whole artifact={data} />}
      </Shown>
      {reading.state === 'loading' ? null : <Promotions artifact={id} twin={artifact?.twin} />}
      {artifact === undefined ? null : (
        <Section title="Ask for promotion" anchor="ask" note="the only way into production">
          <Ask artifact={id} name={artifact.twinName ?? ''} isDestroyed={artifact.state === 'destroyed'} />
        </Section>
      )}
      <Section title="On the record">
        <Facts>
          <Fact name="Artifact">
            <Id id={id} />
          </Fact>
          <Fact name="Elsewhere">
            <span className="flex flex-wrap gap-x-4">
              <Link to={place('/lineage/$artifact', { artifact: id })}>Its lineage</Link>
              <Link to={place('/access/paths', {}, { of: id })}>Paths to production</Link>
              <Link to={place('/audit', {}, { resource: id })}>Entries about it</Link>
            </span>
          </Fact>
        </Facts>
      </Section>
    </Page>
  )
}

function Line({ artifact }: { readonly artifact: ShownArtifact }): ReactElement {
  const { state, environmentClass, environmentSlug, sensitivity, findingsCount, sealedAt } = artifact
  return (
    <>
      <State is={state} />
      <EnvironmentMark of={environmentClass} name={environmentSlug} />
      <Sensitivity is={sensitivity} />
      {findingsCount > 0 ? (
        <span className="inline-flex items-center gap-1 font-medium text-bad">
          <Icon name="warn" />
          {counted(findingsCount, 'finding')}
        </span>
      ) : null}
      <span>
        sealed <When at={sealedAt} />
      </span>
    </>
  )
}

function Whole({ artifact }: { readonly artifact: ShownArtifact }): ReactElement {
  const { digest, files, sensitivity, sensitivityBecause, checks, attestations, visibleTo, findings } = artifact
  const items = checks.items.map((check) => ({ ...check, facts: null }))
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return (
    <>
      <Origin artifact={artifact} />
      <Section title="Files" note={`${counted(files.length, 'file')}, ${size(bytes)}`}>
        <Files artifact={artifact} />
      </Section>
      <div className="mt-7 grid gap-x-12 gap-y-7 md:grid-cols-2">
        <div className="min-w-0">
          <Section title={`Why it is ${sensitivity}`} note="never below what its run touched">
            <SensitivityChain of={sensitivityBecause} sensitivity={sensitivity} />
          </Section>
        </div>
        <div className="min-w-0">
          <Section title="Who can read it now" note={counted(visibleTo.principals.length, 'principal')}>
            <Readers of={visibleTo} />
          </Section>
        </div>
      </div>
      <Section title="Checked" note={checks.of === 'promotion' ? tallyOf(items) : countsOf(items)}>
        {checks.of === 'promotion' ? null : (
          <p className="mb-1 text-small text-soft">Nobody asked to promote it yet. What is not assessed is assessed when somebody does.</p>
        )}
        <Gate checks={items} />
      </Section>
      {findings.length === 0 ? null : (
        <Section title="What looks like a secret" note={counted(findings.length, 'finding')}>
          <Code text={visibleLines(JSON.stringify(findings, null, 2))} label="the findings" />
        </Section>
      )}
      <Section title="Provenance" note={counted(attestations.length, 'attestation')}>
        <Provenance of={attestations} digest={digest} />
      </Section>
    </>
  )
}

/** What can be said before anybody asked: how many checks passed, and how many did not. */
function countsOf(checks: readonly { readonly result: string }[]): string {
  const passed = checks.filter(({ result }) => result === 'passed').length
  return passed === checks.length ? `all ${passed} passed` : `${passed} of ${checks.length} passed`
}

function Origin({ artifact }: { readonly artifact: ShownArtifact }): ReactElement {
  const { digest, run, twin, twinName, scenario, scenarioName, operator, operatorName } = artifact
  return (
    <Facts>
      <Fact name="Digest">
        <Digest digest={digest} />
      </Fact>
      <Fact name="Quarantine">
        <Quarantine artifact={artifact} />
      </Fact>
      <Fact name="Made by the run">
        <Id id={run} to={place('/runs/$run', { run })} />
      </Fact>
      <Fact name="Of">
        <span className="flex flex-wrap items-baseline gap-x-3">
          <Identity brief kind="twin" id={twin} name={twinName} to={place('/twins/$twin', { twin })} />
          <Link to={place('/scenarios/$scenario', { scenario })}>
            <bdi>{scenarioName ?? scenario}</bdi>
          </Link>
        </span>
      </Fact>
      <Fact name="Operator">
        <Identity brief id={operator} name={operatorName} />
      </Fact>
    </Facts>
  )
}

function Quarantine({ artifact: { state, quarantine } }: { readonly artifact: ShownArtifact }): ReactElement {
  const { since, leftBy, leftAt, detail } = quarantine
  return (
    <span className="block">
      <span className="flex items-baseline gap-1.5">
        <Icon name={leftBy === null ? 'lock' : 'gate'} className={`self-center ${state === 'quarantined' ? 'text-warn' : 'text-good'}`} />
        <span className="min-w-0">{detail}</span>
      </span>
      <span className="block text-small text-soft">
        since <When at={since} />
        {leftAt === null ? null : (
          <>
            , left <When at={leftAt} />
          </>
        )}
        {leftBy === null ? null : (
          <>
            {' '}
            by <Id plain id={leftBy} to={place('/promotions/$promotion', { promotion: leftBy })} />
          </>
        )}
      </span>
    </span>
  )
}

/** What was asked of it so far; nothing for those who may not list promotions. */
function Promotions({ artifact, twin }: { readonly artifact: string; readonly twin: string | undefined }): ReactElement | null {
  const { reading: promotions } = usePlacedList('promotion:list', { artifact, limit: 50, ...(twin === undefined ? {} : { twin }) })
  if (promotions.state !== 'ready' || promotions.data.items.length === 0) return null
  const { items } = promotions.data
  return (
    <Section title="Promotions of it" note={String(items.length)}>
      <PromotionTable promotions={items} />
    </Section>
  )
}
