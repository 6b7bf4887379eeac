// Saying which group answers where an owner is gone: in the organization, or in one project. What is chosen stands in the URL.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { Act } from '../../../design/act.tsx'
import { visible } from '../../../design/visible.ts'
import { useView } from '../../../shell/view.ts'
import { useDirectory } from '../../access/names.ts'
import { Pick } from '../../access/pick.tsx'
import { Fields, FormSection } from '../form-section.tsx'
import { firstLack, Lacks } from '../fresh.tsx'
import { useLookup } from '../lookup.ts'

/** The groups that answer where owners are gone. */
export type Fallbacks = OutputOf<'ownership:fallbacks'>['items']

interface SetFallbackProps {
  readonly isProject: boolean
  readonly items: Fallbacks
  readonly onDone: () => void
}

/** The form. */
export function SetFallback({ isProject, items, onDone }: SetFallbackProps): ReactElement {
  const [{ project, group }, change] = useView()
  const of = useDirectory(isProject, false)
  const { choices, onType } = useLookup({ groups: true, value: group })
  const now = items.find((one) => (isProject ? one.project?.id === project : one.scope === 'organization'))?.group
  const lacks = firstLack(
    [isProject && project === undefined, 'Choose the project first.'],
    [group === undefined, 'Choose the group first.'],
    [group === now?.id, 'This group answers already.'],
  )
  const scope = isProject ? { project: project ?? '' } : {}
  return (
    <FormSection title={isProject ? 'Who answers in one project' : 'Who answers in the organization'} onDone={onDone}>
      <Fields>
        {isProject ? (
          <Pick
            label="The project"
            value={project}
            onChange={(to) => change({ project: to })}
            choices={of.projects}
            ids={['prj']}
            isRequired
          />
        ) : null}
        <Pick
          label="The group that answers"
          value={group}
          onChange={(to) => change({ group: to })}
          onType={onType}
          choices={choices}
          ids={['grp']}
          hint={`${now === undefined ? '' : `Now it is ${visible(now.name)}. `}While nobody is in it, the administrators answer.`}
          isRequired
        />
        {lacks !== undefined || group === undefined ? (
          <Lacks>{lacks ?? 'Choose the group first.'}</Lacks>
        ) : (
          <Act
            action="ownership:set-fallback"
            label="Let it answer"
            title="Say who answers where an owner is gone"
            weight="primary"
            input={(reason) => ({ ...scope, group, reason })}
            reason="Why this group; goes on the record."
            before={
              <p>
                Its people see what nobody answers for {isProject ? 'in the project' : 'in the organization'}, and hand it over. They own
                nothing by that, and what stands still goes on standing still until somebody takes it over.
              </p>
            }
            after={() => <p>It answers from now on.</p>}
            onDone={onDone}
          />
        )}
      </Fields>
    </FormSection>
  )
}
