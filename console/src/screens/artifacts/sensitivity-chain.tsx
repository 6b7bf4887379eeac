// Why an artifact is as sensitive as it is: everything that its run touched, on one rail that ends in the artifact. The highest decides, and is marked.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { Icon } from '../../design/icon.tsx'
import { Link, place } from '../../design/link.tsx'
import { Sensitivity } from '../../design/state.tsx'
import { visible } from '../../design/visible.ts'

type Source = OutputOf<'artifact:show'>['sensitivityBecause'][number]

const words: Readonly<Record<Source['of'], string>> = { run: 'run', twin: 'twin', connection: 'called', asset: 'asset' }

function Name({ source: { of, id, name } }: { readonly source: Source }): ReactElement {
  const said = <bdi className="font-medium [overflow-wrap:anywhere]">{visible(name)}</bdi>
  if (of === 'twin') return <Link to={place('/twins/$twin', { twin: id })}>{said}</Link>
  if (of === 'run') return <Link to={place('/runs/$run', { run: id })}>{said}</Link>
  return said
}

function Dot({ decides }: { readonly decides: boolean }): ReactElement {
  return (
    <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" className="absolute top-2.5 -left-[6.5px] text-edge">
      <circle cx="6" cy="6" r="4" fill={decides ? 'currentColor' : 'var(--color-paper)'} stroke="currentColor" strokeWidth="1.5" />
    </svg>
  )
}

interface ChainProps {
  readonly of: readonly Source[]
  readonly sensitivity: string
}

/** The chain. */
export function SensitivityChain({ of: sources, sensitivity }: ChainProps): ReactElement {
  const isEven = sources.every((source) => source.sensitivity === sensitivity)
  return (
    <ol aria-label="What it took its sensitivity from" className="ml-1.5">
      {sources.map((source) => {
        const decides = source.sensitivity === sensitivity
        return (
          <li key={`${source.of} ${source.id}`} className="relative flex flex-wrap items-baseline gap-x-3 border-l border-edge py-1 pl-4">
            <Dot decides={decides} />
            <span className="w-14 text-small text-faint">{words[source.of]}</span>
            <span className="min-w-0 flex-1">
              <Name source={source} />
            </span>
            {decides && !isEven ? <span className="text-tiny text-faint">decides</span> : null}
            <span className={`w-28 ${decides ? '' : 'text-soft'}`}>
              <Sensitivity is={source.sensitivity} />
            </span>
          </li>
        )
      })}
      <li className="relative flex items-baseline gap-x-3 border-l border-transparent pt-1.5 pl-4 font-medium">
        <Icon name="down" className="absolute top-1 -left-[8.5px] text-edge" />
        <span className="flex-1">so the artifact is</span>
        <span className="w-28">
          <Sensitivity is={sensitivity} />
        </span>
      </li>
    </ol>
  )
}
