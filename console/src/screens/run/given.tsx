// What a run was given, what it said of itself and how it ended: read when this part is opened, because reading it is recorded.
import type { ReactElement } from 'react'
import { useRead } from '../../api/queries.ts'
import { Code } from '../../design/code.tsx'
import { Empty, Shown } from '../../design/conditions.tsx'
import { Section } from '../../design/page.tsx'
import { visibleLines } from '../../design/visible.ts'
import type { ShownRun } from './story.ts'
import { HowItEnded } from './why.tsx'

const isNothing = (value: unknown): boolean => value === null || (typeof value === 'object' && Object.keys(value).length === 0)

/** Its parameters and its summary. */
export function Given({ run }: { readonly run: ShownRun }): ReactElement {
  const reading = useRead('run:read', { run: run.id }, run.state === 'ended' ? { once: true } : { every: false })
  return (
    <Shown of={reading} what="what it was given">
      {({ parameters, summary, exit }) => (
        <>
          {exit === null ? null : <HowItEnded exit={exit} />}
          <Section title="Parameters" note={`seed ${run.seed}`}>
            {isNothing(parameters) ? (
              <Empty title="It was given none.">Its scenario and its seed were enough.</Empty>
            ) : (
              <Code text={visibleLines(JSON.stringify(parameters, null, 2))} label="the parameters" tall />
            )}
          </Section>
          <Section title="Its own summary" note="what the run says of itself; the platform does not vouch for it">
            {isNothing(summary) ? (
              <Empty title={run.state === 'ended' ? 'It said nothing of itself.' : 'It says something of itself when it ends.'} />
            ) : (
              <Code text={visibleLines(JSON.stringify(summary, null, 2))} label="the summary" tall />
            )}
          </Section>
        </>
      )}
    </Shown>
  )
}
