// One guardrail: what it says and where it holds, its examples beside it, what it would come to; putting it into force, changing it, ending it.
import { type ReactElement, useState } from 'react'
import type { Problem } from '../../../api/problem.ts'
import { useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Button } from '../../../design/button.tsx'
import { Shown } from '../../../design/conditions.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { State } from '../../../design/state.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { useParam, useView } from '../../../shell/view.ts'
import { AccessPage } from '../access-page.tsx'
import { type Directory, useDirectory } from '../names.ts'
import { Who } from '../who.tsx'
import { ChangeGuardrail } from './change-guardrail.tsx'
import { Examples } from './examples.tsx'
import { NewExample } from './new-example.tsx'
import { brokenIn } from './place.ts'
import { PolicyText } from './policy.tsx'
import type { ShownGuardrail } from './shown.ts'
import { TermsSaid } from './terms.tsx'
import { Trying } from './trying.tsx'

/** The screen. */
export function Guardrail(): ReactElement {
  const slug = useParam('guardrail')
  const [search, change] = useView()
  const reading = useRead('guardrail:show', { guardrail: slug })
  const of = useDirectory(reading.state === 'ready')
  const guardrail = reading.state === 'ready' ? reading.data : undefined
  const [broken, setBroken] = useState<readonly string[]>([])
  const refused = (problem: Problem): void => setBroken(brokenIn(problem))
  const isChanging = search.edit !== undefined && guardrail !== undefined && guardrail.state !== 'retired'
  return (
    <AccessPage
      title={slug}
      below="/access/guardrails"
      line={guardrail === undefined ? undefined : <Line guardrail={guardrail} />}
      actions={
        guardrail === undefined || isChanging ? undefined : (
          <Actions guardrail={guardrail} onRefused={refused} onChange={() => change({ edit: '1', try: undefined }, true)} />
        )
      }
    >
      <Shown of={reading} what="the guardrail">
        {(shown) => (
          <>
            {isChanging ? (
              <ChangeGuardrail guardrail={shown} of={of} onRefused={refused} onDone={() => change({ edit: undefined })} />
            ) : (
              <Whole guardrail={shown} of={of} />
            )}
            <ExamplesOf guardrail={shown} broken={broken} />
            {isChanging || shown.state === 'retired' ? null : (
              <TryIt guardrail={shown} of={of} isTried={search.try !== undefined} onTry={() => change({ try: '1' })} />
            )}
          </>
        )}
      </Shown>
    </AccessPage>
  )
}

function Line({ guardrail: { state, title, version } }: { readonly guardrail: ShownGuardrail }): ReactElement {
  return (
    <>
      <State is={state} />
      <bdi>{visible(title)}</bdi>
      <span>version {version}</span>
    </>
  )
}

function Actions({ guardrail, onRefused, onChange }: ActProps & { readonly onChange: () => void }): ReactElement {
  return (
    <>
      {guardrail.state === 'draft' ? <Activate guardrail={guardrail} onRefused={onRefused} /> : null}
      {guardrail.state === 'retired' ? null : <Button onPress={onChange}>Change it</Button>}
      <Retire guardrail={guardrail} onRefused={onRefused} />
    </>
  )
}

interface TryItProps {
  readonly guardrail: ShownGuardrail
  readonly of: Directory
  readonly isTried: boolean
  readonly onTry: () => void
}

function TryIt({ guardrail: { guardrail, state, policy }, of, isTried, onTry }: TryItProps): ReactElement {
  if (isTried) return <Trying input={{ guardrail }} policy={policy} of={of} />
  return (
    <Section title="What it would come to">
      <p className="mb-2 text-soft">
        {state === 'draft'
          ? 'Before it is put into force: whether its examples hold, and who could do what no more.'
          : 'Whether its examples hold as things are now.'}
      </p>
      <Button onPress={onTry}>Try it</Button>
    </Section>
  )
}

function Whole({ guardrail, of }: { readonly guardrail: ShownGuardrail; readonly of: Directory }): ReactElement {
  const { policy, inForce, createdBy, createdAt, activatedAt, retiredAt } = guardrail
  return (
    <>
      <Section title="Policy" note="as it was written">
        <PolicyText text={policy} label="the policy" />
        <details className="mt-2">
          <summary className="w-fit rounded-mark text-small text-accent">The policy that is decided by</summary>
          <p className="my-1.5 max-w-prose text-small text-soft">
            Yours, with what the product puts before it: where it holds, and what no guardrail can forbid, so that nobody is locked out.
          </p>
          <PolicyText text={inForce} label="the policy that is decided by" />
        </details>
      </Section>
      <Section title="On the record">
        <Facts>
          <Fact name="Holds">
            <TermsSaid of={guardrail} />
          </Fact>
          <Fact name="Drafted">
            <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
              <When at={createdAt} /> by <Who id={createdBy} of={of} />
            </span>
          </Fact>
          <Fact name="In force since">
            <When at={activatedAt} none="not yet" />
          </Fact>
          {retiredAt === null ? null : (
            <Fact name="Retired">
              <When at={retiredAt} />
            </Fact>
          )}
          <Fact name="Elsewhere">
            <Link to={place('/audit', {}, { action: 'guardrail:change' })}>Changes of guardrails</Link>
          </Fact>
        </Facts>
      </Section>
    </>
  )
}

function ExamplesOf({
  guardrail: { guardrail, state },
  broken,
}: {
  readonly guardrail: ShownGuardrail
  readonly broken: readonly string[]
}): ReactElement {
  const reading = useRead('example:list', { guardrail })
  const count = reading.state === 'ready' ? counted(reading.data.items.length, 'example') : undefined
  return (
    <Section title="Examples" note={count} actions={state === 'retired' ? undefined : <NewExample about={{ guardrail }} />}>
      <Shown of={reading} what="examples" rows={2}>
        {({ items }) => <Examples of={items} broken={broken} />}
      </Shown>
    </Section>
  )
}

interface ActProps {
  readonly guardrail: ShownGuardrail
  readonly onRefused: (problem: Problem) => void
}

function Activate({ guardrail: { guardrail }, onRefused }: ActProps): ReactElement {
  return (
    <Act
      action="guardrail:activate"
      label="Put into force"
      title={`Put ${guardrail} into force`}
      weight="primary"
      input={(reason) => ({ guardrail, reason })}
      reason="Why it is put into force; goes on the record."
      before={
        <p>
          When the answer is there, nothing is admitted that it forbids: what was decided a moment before is decided again. It is refused
          when an example breaks.
        </p>
      }
      after={({ version }) => <p>It is in force, as version {version}.</p>}
      onRefused={onRefused}
    />
  )
}

function Retire({ guardrail: { guardrail, state }, onRefused }: ActProps): ReactElement {
  return (
    <Act
      action="guardrail:retire"
      label="Retire"
      title={`Retire ${guardrail}`}
      weight="danger"
      input={(reason) => ({ guardrail, reason })}
      reason="Why it ends; goes on the record."
      notNow={state === 'retired' ? 'It is retired already.' : undefined}
      before={
        <>
          <p>It forbids nothing any more, and its name is not given to another.</p>
          {state === 'active' ? <p className="mt-1">It is refused when an example of another rule breaks by it.</p> : null}
        </>
      }
      after={() => <p>It is retired.</p>}
      onRefused={onRefused}
    />
  )
}
