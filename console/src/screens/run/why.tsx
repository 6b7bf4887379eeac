// Why a run came to a bad end: one sentence of the platform's own, what to do, and the way to what the run itself said, which is content and read apart.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { Button } from '../../design/button.tsx'
import { Code } from '../../design/code.tsx'
import { Notice } from '../../design/conditions.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Section } from '../../design/page.tsx'
import { Said } from '../../design/said.tsx'
import { counted } from '../../design/time.ts'
import { visible, visibleLines } from '../../design/visible.ts'
import { useView } from '../../shell/view.ts'
import type { ShownRun } from './story.ts'

/** Ends that what is in the run may say more of. */
const saidMore: ReadonlySet<string> = new Set(['failed', 'deadline', 'lost'])

/** A clause as a sentence. */
function sentence(clause: string): string {
  return `${clause.slice(0, 1).toUpperCase()}${clause.slice(1)}.`
}

/** Why it ended badly, and what to do. Nothing for one that ended well, or that somebody ended. */
export function Why({ run }: { readonly run: ShownRun }): ReactElement | null {
  const [search, change] = useView()
  const { outcome, reason, remedy } = run
  if (outcome === null || reason === null || outcome === 'succeeded' || outcome === 'cancelled') return null
  const isOffered = saidMore.has(outcome) && search.part !== 'given'
  return (
    <Notice
      tone="bad"
      title={sentence(reason)}
      action={isOffered ? <Button onPress={() => change({ part: 'given', calls: undefined })}>How it ended</Button> : undefined}
    >
      {remedy === null ? null : <Said text={remedy} />}
    </Notice>
  )
}

type Exit = NonNullable<OutputOf<'run:read'>['exit']>

function LastWords({ words, cut, redacted }: Exit & { readonly words: string }): ReactElement {
  if (words === '') return <span className="text-soft">It said nothing on its error output.</span>
  return (
    <>
      <Code text={visibleLines(words)} label="its last words" />
      <p className="mt-1 text-small text-soft">
        The run’s own words; nobody vouches for them.{cut ? ' Earlier ones were left out.' : ''}
        {redacted === 0 ? '' : ` ${counted(redacted, 'place')} that looked like a secret ${redacted === 1 ? 'was' : 'were'} taken out.`}
      </p>
    </>
  )
}

/** How its cell ended, for whoever may read what is in the run. */
export function HowItEnded({ exit }: { readonly exit: Exit }): ReactElement {
  const { code, signal, detail, words } = exit
  return (
    <Section title="How it ended" note="as it was seen from outside, and what the run said last">
      <Facts>
        {detail === null ? null : <Fact name="Noticed">{visible(detail)}</Fact>}
        {code === null ? null : <Fact name="Exit code">{code}</Fact>}
        {signal === null ? null : <Fact name="Signal">{visible(signal)}</Fact>}
        {words === null ? null : (
          <Fact name="Its last words">
            <LastWords {...exit} words={words} />
          </Fact>
        )}
      </Facts>
    </Section>
  )
}
