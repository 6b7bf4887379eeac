// What a run of a scenario would be allowed, before there is one: whether it may be launched at all, each item of its manifest with its verdict and why, its
// assets and its limits.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { Notice } from '../../design/conditions.tsx'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Section } from '../../design/page.tsx'
import { Decision, Sensitivity } from '../../design/state.tsx'
import { Table } from '../../design/table.tsx'
import { counted, size, span } from '../../design/time.ts'

type Previewed = OutputOf<'scenario:preview'>
type Item = Previewed['items'][number]

const words = { allowed: 'allowed', not_available: 'not available', denied: 'denied' } as const

/** How many of the calls are allowed. */
export function countsOf(items: readonly Item[]): string {
  const by = (verdict: Item['verdict']): number => items.filter((one) => one.verdict === verdict).length
  const missing = by('denied') + by('not_available')
  return missing === 0 ? counted(items.length, 'item') : `${by('allowed')} of ${items.length} allowed`
}

function Assets({ of: assets }: { readonly of: Previewed['assets'] }): ReactElement {
  return (
    <ul>
      {assets.map(({ name, slug, sensitivity, ownerName }) => (
        <li key={name} className="flex flex-wrap items-center gap-x-3">
          <bdi>{name}</bdi> <bdi className="text-soft">{slug}</bdi> <Sensitivity is={sensitivity} />
          {ownerName === null ? null : <bdi className="text-small text-faint">owned by {ownerName}</bdi>}
        </li>
      ))}
    </ul>
  )
}

/** What keeps it from starting, and from being launched by whoever looks. */
export function Stops({ of: { stops, you } }: { readonly of: Previewed['launch'] }): ReactElement {
  return (
    <>
      {stops.map(({ code, detail }) => (
        <Notice key={code} tone="bad" title="It would not start.">
          {detail}
        </Notice>
      ))}
      {you.may ? null : (
        <Notice tone="warn" title="You may not launch it.">
          {you.because}
        </Notice>
      )}
    </>
  )
}

/** Each call of its manifest with its verdict. */
export function Calls({ of: items }: { readonly of: readonly Item[] }): ReactElement {
  return (
    <Table
      label="What a run of it would be allowed"
      rows={items}
      idOf={({ connection, method, path }) => `${connection} ${method} ${path}`}
      empty={<p className="py-3 text-soft">Its manifest names no connection: it reaches nothing outside its cell.</p>}
      columns={[
        {
          id: 'what',
          title: 'Call',
          cell: ({ connection, method, path }) => (
            <span className="block">
              <bdi className="font-medium">{connection}</bdi>
              <code className="block font-mono text-tiny text-soft [overflow-wrap:anywhere]">
                {method} {path}
              </code>
            </span>
          ),
        },
        {
          id: 'verdict',
          title: 'Verdict',
          cell: ({ verdict, because }) => (
            <span className="block">
              <Decision allowed={verdict === 'allowed'} word={words[verdict]} />
              <span className="block text-small text-soft">{because}</span>
            </span>
          ),
        },
        {
          id: 'sensitivity',
          title: 'Sensitivity',
          from: 'lg',
          cell: ({ sensitivity }) => (sensitivity === null ? <span className="text-faint">–</span> : <Sensitivity is={sensitivity} />),
        },
      ]}
    />
  )
}

/** The preview: the verdicts, and what it brings. */
export function Preview({ of: previewed }: { readonly of: Previewed }): ReactElement {
  const { launch, items, assets, limits, environmentClass, environmentSlug } = previewed
  return (
    <>
      <Stops of={launch} />
      <Section
        title="What a run of it would be allowed"
        note={countsOf(items)}
        actions={<EnvironmentMark of={environmentClass} name={environmentSlug} />}
      >
        <Calls of={items} />
      </Section>
      <Section title="What it brings, and its limits">
        <Facts>
          <Fact name="Assets">{assets.length === 0 ? <span className="text-faint">none</span> : <Assets of={assets} />}</Fact>
          <Fact name="Time">{span(limits.deadlineSeconds * 1000)}, then it is ended</Fact>
          <Fact name="Memory">{size(limits.memoryMegabytes * 1_000_000)}</Fact>
          <Fact name="Outputs">
            at most {counted(limits.filesMax, 'file')}, {size(limits.bytesMax)} in all
          </Fact>
        </Facts>
      </Section>
    </>
  )
}
