// Drafting a guardrail. It decides nothing until it is put into force; what the server finds wrong in the policy is marked at its place.
import { type ReactElement, useState } from 'react'
import type { Problem } from '../../../api/problem.ts'
import { Act } from '../../../design/act.tsx'
import { TextField } from '../../../design/field.tsx'
import { place, useGo } from '../../../design/link.tsx'
import { useView } from '../../../shell/view.ts'
import { AccessPage } from '../access-page.tsx'
import { type Fault, faultIn } from './place.ts'
import { PolicyField } from './policy.tsx'
import type { Terms } from './said.ts'
import { TermsFields } from './terms.tsx'

const begun = `forbid(principal, action == Action::"artifact:export", resource)
when { context.weekday >= 6 };
`

/** The screen. */
export function NewGuardrail(): ReactElement {
  const [search] = useView()
  const go = useGo()
  const [slug, setSlug] = useState('')
  const [title, setTitle] = useState('')
  const [policy, setPolicy] = useState(search.policy ?? begun)
  const [terms, setTerms] = useState<Terms>({ environmentClasses: [], sensitivity: null })
  const [fault, setFault] = useState<Fault>()
  const { environmentClasses, sensitivity } = terms
  const missing = slug.trim() === '' ? 'Give it a name first.' : title.trim() === '' ? 'Say what it is for first.' : undefined
  const write = (text: string): void => {
    setPolicy(text)
    setFault(undefined)
  }
  return (
    <AccessPage title="Draft a guardrail" below="/access/guardrails" line="It decides nothing until it is put into force.">
      <div className="grid gap-x-12 gap-y-6 md:grid-cols-[minmax(0,1fr)_18rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <TextField
            label="Name"
            value={slug}
            onChange={setSlug}
            hint="Lower case, with dashes: quiet-weekends."
            maxLength={60}
            isRequired
          />
          <TextField label="Title" value={title} onChange={setTitle} hint="What it is for, in one line." maxLength={200} isRequired />
          <PolicyField value={policy} onChange={write} fault={fault} />
        </div>
        <div className="flex flex-col gap-4">
          <TermsFields value={terms} onChange={setTerms} />
        </div>
      </div>
      <div className="mt-5">
        {missing !== undefined ? (
          <p className="text-small text-soft">{missing}</p>
        ) : (
          <Act
            action="guardrail:create"
            label="Keep as a draft"
            title="Draft a guardrail"
            weight="primary"
            input={(reason) => ({
              slug: slug.trim(),
              title,
              policy,
              environmentClasses,
              ...(sensitivity === null ? {} : { sensitivity }),
              reason,
            })}
            asked={{ slug: 'draft', title: 'Draft', policy: begun, reason: 'To see whether it is allowed.' }}
            reason="Why it is drafted; goes on the record."
            before={<p>It is kept as a draft. Save examples beside it and try it, then put it into force.</p>}
            after={() => <p>It is drafted.</p>}
            onRefused={(problem: Problem) => setFault(faultIn(problem))}
            onDone={({ guardrail }) => go(place('/access/guardrails/$guardrail', { guardrail }))}
          />
        )}
      </div>
    </AccessPage>
  )
}
