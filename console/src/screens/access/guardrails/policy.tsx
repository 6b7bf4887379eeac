// The text of a policy with its lines numbered, to read and to write. Where the server found something wrong, the line is marked and the column pointed at.
import { type ReactElement, useId } from 'react'
import { Copy } from '../../../design/copy.tsx'
import { Icon } from '../../../design/icon.tsx'
import { Said } from '../../../design/said.tsx'
import { visible } from '../../../design/visible.ts'
import { type Fault, linesOf } from './place.ts'

const lineLook = 'font-mono text-tiny leading-[18px]'

interface NumbersProps {
  readonly count: number
  readonly faulty: number | undefined
}

/** The numbers at the edge; the one of the faulty line is marked. They repeat what the fault says in words. */
function Numbers({ count, faulty }: NumbersProps): ReactElement {
  return (
    <ol aria-hidden="true" className={`shrink-0 border-r border-line py-1.5 text-right text-faint select-none ${lineLook}`}>
      {Array.from({ length: count }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity than their number.
        <li key={at} className={`px-2 ${faulty === at + 1 ? 'bg-bad-solid font-semibold text-on-production' : ''}`}>
          {at + 1}
        </li>
      ))}
    </ol>
  )
}

/** What is wrong, with the line itself and the place in it. */
export function FaultNote({
  of: { line, column, detail, next },
  text,
  id,
}: {
  readonly of: Fault
  readonly text: string
  readonly id?: string
}): ReactElement {
  const said = line === undefined ? undefined : linesOf(text)[line - 1]
  return (
    <div role="alert" id={id} className="mt-2 border-l-2 border-bad py-1 pl-3">
      <p className="flex items-baseline gap-1.5 font-medium text-bad">
        <Icon name="warn" className="self-center" />
        {line === undefined ? 'The policy cannot be kept' : `Line ${line}${column === undefined ? '' : `, column ${column}`}`}
      </p>
      <p className="mt-0.5 [overflow-wrap:anywhere]">
        <Said text={detail} />
      </p>
      {said === undefined || column === undefined ? null : (
        <pre className={`mt-1 overflow-x-auto ${lineLook}`} aria-hidden="true">
          {visible(said)}
          {'\n'}
          <span className="text-bad">{`${' '.repeat(Math.min(column - 1, 300))}^`}</span>
        </pre>
      )}
      {next === undefined ? null : (
        <p className="mt-0.5 text-soft">
          <Said text={next} />
        </p>
      )}
    </div>
  )
}

/** A policy to read. */
export function PolicyText({ text, label }: { readonly text: string; readonly label: string }): ReactElement {
  const lines = linesOf(text)
  return (
    <div className="flex max-w-full items-start rounded-field border border-line bg-sunken">
      <Numbers count={lines.length} faulty={undefined} />
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard.
        tabIndex={0}
        aria-label={label}
        className="min-w-0 flex-1 overflow-x-auto rounded-mark"
      >
        <pre className={`px-3 py-1.5 ${lineLook}`}>{lines.map((line) => visible(line)).join('\n')}</pre>
      </section>
      <Copy text={text} what={label} className="m-1" />
    </div>
  )
}

interface PolicyFieldProps {
  readonly value: string
  readonly onChange: (text: string) => void
  readonly fault: Fault | undefined
}

const linesMin = 6
const charactersMax = 8_192

/** A policy to write. */
export function PolicyField({ value, onChange, fault }: PolicyFieldProps): ReactElement {
  const id = useId()
  const count = Math.max(linesOf(value).length, linesMin)
  return (
    <div>
      <label htmlFor={id} className="text-small font-medium">
        Policy
      </label>
      <div
        className={`mt-1 flex max-w-full items-start rounded-field border bg-raised ${fault === undefined ? 'border-edge' : 'border-bad'}`}
      >
        <Numbers count={count} faulty={fault?.line} />
        <textarea
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          rows={count}
          maxLength={charactersMax}
          spellCheck="false"
          autoComplete="off"
          wrap="off"
          aria-invalid={fault !== undefined}
          aria-describedby={fault === undefined ? `${id}-hint` : `${id}-fault`}
          className={`min-w-0 flex-1 resize-none overflow-x-auto rounded-field bg-transparent px-3 py-1.5 ${lineLook}`}
        />
      </div>
      <p id={`${id}-hint`} className="mt-1 text-small text-soft">
        One Cedar policy that forbids, in plain ASCII.
      </p>
      {fault === undefined ? null : <FaultNote of={fault} text={value} id={`${id}-fault`} />}
    </div>
  )
}
