// The manifest of a scenario as rules: what a run of it asks for, connection by connection, with its parameters, assets and limits. It asks; it grants
// nothing.
import type { ReactElement } from 'react'
import { Code } from '../../design/code.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Digest, Id } from '../../design/id.tsx'
import { counted, size, span } from '../../design/time.ts'
import { visibleLines } from '../../design/visible.ts'
import type { ShownScenario } from './compare.ts'

type Manifest = ShownScenario['manifest']

/** What a run may call, connection by connection. */
export function Rules({ of: connections }: { readonly of: Manifest['connections'] }): ReactElement {
  if (connections.length === 0) return <p className="text-soft">It names no connection: a run reaches nothing outside its cell.</p>
  return (
    <ul>
      {connections.map(({ connection, allow }) => (
        <li
          key={connection}
          className="grid gap-x-6 gap-y-1 border-b border-line/70 py-2 last:border-b-0 sm:grid-cols-[minmax(7rem,12rem)_minmax(0,1fr)]"
        >
          <bdi className="font-medium [overflow-wrap:anywhere]">{connection}</bdi>
          <ul>
            {allow.map(({ methods, path }) => (
              <li key={`${methods.join()} ${path}`} className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3">
                <code className="font-mono text-tiny leading-6 text-soft">{methods.join(', ')}</code>
                <code className="font-mono text-tiny leading-6 [overflow-wrap:anywhere]">{path}</code>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}

/** Its parameters, which a launch may replace. */
export function Parameters({ of: parameters }: { readonly of: Manifest['parameters'] }): ReactElement {
  if (Object.keys(parameters).length === 0) return <p className="text-soft">It has none.</p>
  return <Code text={visibleLines(JSON.stringify(parameters, null, 2))} label="the parameters" />
}

function Assets({ of: assets }: { readonly of: ShownScenario['assets'] }): ReactElement {
  if (assets.length === 0) return <span className="text-faint">none</span>
  return (
    <ul className="space-y-1">
      {assets.map(({ name, id, digest }) => (
        <li key={name}>
          <span className="flex flex-wrap items-baseline gap-x-3">
            <bdi className="font-medium">{name}</bdi> <Id id={id} />
          </span>
          <Digest digest={digest} />
        </li>
      ))}
    </ul>
  )
}

/** What it brings, and its limits. */
export function Limits({ of: { manifest, assets } }: { readonly of: ShownScenario }): ReactElement {
  const { deadlineSeconds, memoryMegabytes, outputs } = manifest
  return (
    <Facts>
      <Fact name="Assets">
        <Assets of={assets} />
      </Fact>
      <Fact name="Time">{span(deadlineSeconds * 1000)}, then it is ended</Fact>
      <Fact name="Memory">{size(memoryMegabytes * 1_000_000)}</Fact>
      <Fact name="Outputs">
        at most {counted(outputs.filesMax, 'file')}, {size(outputs.bytesMax)} in all
      </Fact>
    </Facts>
  )
}
