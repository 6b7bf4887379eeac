// Changing a guardrail, with what the change would come to before it is kept. What the server finds wrong in the policy is marked at its place.
import { type ReactElement, useState } from 'react'
import type { InputOf } from '../../../api/call.ts'
import type { Problem } from '../../../api/problem.ts'
import { Act } from '../../../design/act.tsx'
import { Button } from '../../../design/button.tsx'
import { TextField } from '../../../design/field.tsx'
import type { Directory } from '../names.ts'
import { type Fault, faultIn } from './place.ts'
import { PolicyField } from './policy.tsx'
import type { Terms } from './said.ts'
import type { ShownGuardrail } from './shown.ts'
import { TermsFields } from './terms.tsx'
import { Trying } from './trying.tsx'

interface ChangeProps {
  readonly guardrail: ShownGuardrail
  readonly of: Directory
  readonly onRefused: (problem: Problem) => void
  readonly onDone: () => void
}

/** The form. */
export function ChangeGuardrail({ guardrail: before, of, onRefused, onDone }: ChangeProps): ReactElement {
  const { guardrail, state } = before
  const [title, setTitle] = useState(before.title)
  const [policy, setPolicy] = useState(before.policy)
  const [terms, setTerms] = useState<Terms>(before)
  const [fault, setFault] = useState<Fault>()
  const [tried, setTried] = useState<InputOf<'guardrail:try'>>()
  const { environmentClasses, sensitivity } = terms
  const write = (text: string): void => {
    setPolicy(text)
    setFault(undefined)
  }
  const refused = (problem: Problem): void => {
    setFault(faultIn(problem))
    onRefused(problem)
  }
  return (
    <>
      <div className="grid gap-x-12 gap-y-6 md:grid-cols-[minmax(0,1fr)_18rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <TextField label="Title" value={title} onChange={setTitle} hint="What it is for, in one line." maxLength={200} isRequired />
          <PolicyField value={policy} onChange={write} fault={fault} />
        </div>
        <div className="flex flex-col gap-4">
          <TermsFields value={terms} onChange={setTerms} />
        </div>
      </div>
      <div className="mt-5 flex flex-wrap gap-2">
        <Act
          action="guardrail:change"
          label="Keep the change"
          title={`Change ${guardrail}`}
          weight="primary"
          input={(reason) => ({ guardrail, title, policy, environmentClasses, sensitivity, reason })}
          asked={{ guardrail, reason: 'To see whether it is allowed.' }}
          reason="Why it changes; goes on the record."
          before={
            state === 'active' ? (
              <p>It is in force: what it forbids from now on is decided again at once. It is refused when an example breaks.</p>
            ) : (
              <p>It stays a draft, and decides nothing yet.</p>
            )
          }
          after={({ version }) => <p>It is version {version} now.</p>}
          onRefused={refused}
          onDone={onDone}
        />
        <Button onPress={() => setTried({ guardrail, policy, environmentClasses, sensitivity })}>Try it</Button>
        <Button weight="quiet" onPress={onDone}>
          Leave it as it was
        </Button>
      </div>
      {tried === undefined ? null : (
        <div className="mt-7">
          <Trying input={tried} policy={tried.policy ?? policy} of={of} />
        </div>
      )}
    </>
  )
}
