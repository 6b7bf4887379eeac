// An entry whole: what was done, who did it on whose behalf, what allowed it, what it says, everything that it names, and its proof. Texts of an entry are
// written by whoever acted: they are shown as text.
import type { ReactElement } from 'react'
import { useRead } from '../../api/queries.ts'
import { Code } from '../../design/code.tsx'
import { Notice, Shown } from '../../design/conditions.tsx'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Icon } from '../../design/icon.tsx'
import { Id } from '../../design/id.tsx'
import { Identity } from '../../design/identity.tsx'
import { Link, place } from '../../design/link.tsx'
import { Page, Section } from '../../design/page.tsx'
import { counted, exact, momentOf } from '../../design/time.ts'
import { When } from '../../design/when.tsx'
import { useParam } from '../../shell/view.ts'
import { Place } from './entry-table.tsx'
import { EntryOutcome } from './outcome.tsx'
import { EntryProof } from './proof.tsx'
import { Thing, Trails, thingWord } from './thing.tsx'
import type { ShownEntry } from './verify.ts'

const crumbs = [{ name: 'Audit', to: '/audit' }]

function Line({ entry: { outcome, code, at, environment, index } }: { readonly entry: ShownEntry }): ReactElement {
  const moment = momentOf(at)
  return (
    <>
      <EntryOutcome is={outcome} code={code} />
      {environment === null ? null : <EnvironmentMark of={environment.class} name={environment.slug} />}
      <span>
        <When at={at} />
        {moment === undefined ? null : <span className="text-faint"> · {exact(moment)}</span>}
      </span>
      <Place index={index} />
    </>
  )
}

function Chain({ chain }: { readonly chain: ShownEntry['chain'] }): ReactElement {
  return (
    <ol className="flex flex-wrap items-baseline gap-x-2">
      {chain.map(({ id, name }, at) => (
        <li key={id} className="inline-flex items-baseline gap-x-2">
          {at === 0 ? null : <Icon name="right" className="size-3 self-center text-faint" />}
          <Thing id={id} name={name} linked />
        </li>
      ))}
    </ol>
  )
}

function Happened({ entry }: { readonly entry: ShownEntry }): ReactElement {
  const { id, actor, chain, resource, policies, credential, request, version } = entry
  const rules = policies.filter((policy) => !policy.startsWith('grt_'))
  return (
    <Facts>
      <Fact name="By">
        <Identity id={actor.id} name={actor.name} spiffeId={actor.spiffe} />
      </Fact>
      {chain.some((one) => one.id !== actor.id) ? (
        <Fact name="On behalf of">
          <Chain chain={chain} />
        </Fact>
      ) : null}
      <Fact name="On">
        <Thing id={resource.id} name={resource.name} linked />{' '}
        <span className="text-small text-soft">
          {thingWord(resource.id, resource.type)}
          {version === null ? '' : `, version ${version}`}
        </span>
      </Fact>
      {rules.length > 0 ? (
        <Fact name="Decided by">
          <span className="flex flex-wrap gap-x-3">
            {rules.map((rule) => (
              <code key={rule} className="font-mono text-tiny [overflow-wrap:anywhere]">
                {rule}
              </code>
            ))}
          </span>
        </Fact>
      ) : null}
      {credential === null ? null : (
        <Fact name="With the credential">
          <code className="font-mono text-tiny break-all">{credential}</code>
        </Fact>
      )}
      {request === '' ? null : (
        <Fact name="Request">
          <Id id={request} />
        </Fact>
      )}
      <Fact name="Entry">
        <Id id={id} />
      </Fact>
    </Facts>
  )
}

function Texts({ texts }: { readonly texts: ShownEntry['texts'] }): ReactElement {
  return (
    <Facts>
      {texts.map(({ name, content, holds, commitment }) => (
        <Fact key={name} name={name}>
          {content === null ? (
            <p className="text-soft">
              Erased. The entry goes on holding what it committed to: <code className="font-mono text-tiny break-all">{commitment}</code>
            </p>
          ) : (
            <blockquote className="max-w-prose whitespace-pre-wrap [overflow-wrap:anywhere]">
              <bdi>{content}</bdi>
            </blockquote>
          )}
          {holds === false ? (
            <p className="mt-1 flex items-center gap-1 font-medium text-bad">
              <Icon name="warn" />
              This is not the text that the entry committed to: it was changed afterwards.
            </p>
          ) : null}
        </Fact>
      ))}
    </Facts>
  )
}

/** Each thing once, with every relation under which the entry names it. */
function named(
  links: ShownEntry['links'],
): readonly { readonly id: string; readonly type: string; readonly name: string | null; readonly rels: readonly string[] }[] {
  const things = new Map<string, { id: string; type: string; name: string | null; rels: string[] }>()
  for (const { rel, type, id, name } of links) {
    const known = things.get(id)
    if (known === undefined) things.set(id, { id, type, name, rels: [rel] })
    else if (!known.rels.includes(rel)) known.rels.push(rel)
  }
  return [...things.values()]
}

function Links({ links }: { readonly links: ShownEntry['links'] }): ReactElement {
  return (
    <ul>
      {named(links).map(({ id, type, name, rels }) => (
        <li
          key={id}
          data-item=""
          tabIndex={-1}
          className="grid gap-x-6 gap-y-0.5 border-b border-line/70 py-1.5 last:border-b-0 sm:grid-cols-[minmax(7rem,12rem)_minmax(0,1fr)_auto]"
        >
          <span className="text-small text-soft">{rels.map((rel) => rel.replaceAll('_', ' ')).join(', ')}</span>
          <span className="min-w-0">
            <Thing id={id} name={name} linked /> <span className="text-small text-faint">{thingWord(id, type)}</span>
            {name === null ? null : <code className="block pl-[18px] font-mono text-tiny text-faint [overflow-wrap:anywhere]">{id}</code>}
          </span>
          <Trails id={id} />
        </li>
      ))}
    </ul>
  )
}

function Whole({ entry, again }: { readonly entry: ShownEntry; readonly again: () => void }): ReactElement {
  const facts = entry.facts === null || JSON.stringify(entry.facts) === '{}' ? undefined : JSON.stringify(entry.facts, null, 2)
  const count = new Set(entry.links.map(({ id }) => id)).size
  return (
    <>
      {entry.texts.some(({ holds }) => holds === false) ? (
        <Notice tone="bad" title="A text of this entry was changed after it was recorded." />
      ) : null}
      <Section title="What happened">
        <Happened entry={entry} />
      </Section>
      {entry.texts.length === 0 ? null : (
        <Section title="In their words" note="kept beside the entry, which holds only what they were committed to">
          <Texts texts={entry.texts} />
        </Section>
      )}
      <Section title="What it names" note={counted(count, 'thing')}>
        <Links links={entry.links} />
      </Section>
      <Section title="Proof">
        <EntryProof entry={entry} again={again} />
      </Section>
      {facts === undefined ? null : (
        <Section title="Facts of the act">
          <Code text={facts} label="the facts" />
        </Section>
      )}
    </>
  )
}

/** The screen. */
export function AuditEntry(): ReactElement {
  const reading = useRead('ledger:show', { entry: useParam('entry') }, { every: false })
  const entry = reading.state === 'ready' ? reading.data : undefined
  return (
    <Page
      title={entry?.action ?? 'Entry'}
      crumbs={crumbs}
      line={entry === undefined ? undefined : <Line entry={entry} />}
      actions={
        entry === undefined ? undefined : (
          <Link to={place('/lineage/$subject', { subject: entry.id })} className="text-small">
            See its lineage
          </Link>
        )
      }
    >
      <Shown of={reading} what="the entry">
        {(read) => <Whole entry={read} again={reading.state === 'ready' ? reading.again : () => undefined} />}
      </Shown>
    </Page>
  )
}
