// The attestations of an artifact: what each says, about which bytes, by whom.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { Because } from '../../design/because.tsx'
import { Code } from '../../design/code.tsx'
import { Empty } from '../../design/conditions.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Icon } from '../../design/icon.tsx'
import { visible, visibleLines } from '../../design/visible.ts'
import { readEnvelope } from './statement.ts'

type Attestation = OutputOf<'artifact:show'>['attestations'][number]

/** Whether a statement is about this artifact's bytes: a statement about other bytes says nothing of these. */
function About({ isThis }: { readonly isThis: boolean }): ReactElement {
  return isThis ? (
    <span className="inline-flex items-center gap-1 text-good">
      <Icon name="check" />
      this artifact’s digest
    </span>
  ) : (
    <span className="inline-flex items-center gap-1 text-bad">
      <Icon name="cross" />
      another digest than this artifact’s
    </span>
  )
}

function One({ attestation: { predicateType, envelope }, digest }: { readonly attestation: Attestation; readonly digest: string }) {
  const said = readEnvelope(envelope)
  return (
    <li className="border-b border-line/70 py-2 last:border-b-0">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <code className="font-mono text-tiny [overflow-wrap:anywhere]">{visible(predicateType)}</code>
        <Because title="What it says" label="What it says">
          <Code text={visibleLines(JSON.stringify(said === undefined ? envelope : said.predicate, null, 2))} label="the statement" tall />
        </Because>
      </p>
      {said === undefined ? (
        <p className="text-warn">It cannot be read as a statement.</p>
      ) : (
        <Facts>
          <Fact name="Is about">
            <About isThis={said.subjects.some(({ sha256 }) => `sha256:${sha256}` === digest)} />
          </Fact>
          <Fact name="Built by">
            <code className="font-mono text-tiny [overflow-wrap:anywhere]">{visible(said.builder ?? 'not said')}</code>
          </Fact>
          <Fact name="Signed by">
            {said.keys.length === 0 ? (
              <span className="text-soft">the provenance key of that environment, which the envelope does not name</span>
            ) : (
              <code className="font-mono text-tiny [overflow-wrap:anywhere]">{visible(said.keys.join(', '))}</code>
            )}
          </Fact>
        </Facts>
      )}
    </li>
  )
}

/** The attestations. */
export function Provenance({ of: attestations, digest }: { readonly of: readonly Attestation[]; readonly digest: string }): ReactElement {
  if (attestations.length === 0) return <Empty title="Nothing is attested of it.">Without provenance the gate does not let it out.</Empty>
  return (
    <>
      <ul>
        {attestations.map((attestation) => (
          <One
            key={`${attestation.predicateType} ${JSON.stringify(attestation.envelope).length}`}
            attestation={attestation}
            digest={digest}
          />
        ))}
      </ul>
      <p className="mt-1 text-small text-faint">Whether the signature holds is the check “provenance” above.</p>
    </>
  )
}
