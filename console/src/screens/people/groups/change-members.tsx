// Putting somebody into a group, or taking him out: who gains and who loses what stands beside it before it is done. What is chosen stands in the URL, so that it
// can be prepared by one person and done by another.
import type { ReactElement } from 'react'
import { Act } from '../../../design/act.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { useView } from '../../../shell/view.ts'
import type { Directory } from '../../access/names.ts'
import { Pick } from '../../access/pick.tsx'
import { Difference } from '../../access/what-if/difference.tsx'
import { Beside, FormSection } from '../form-section.tsx'
import { Lacks } from '../fresh.tsx'
import { useLookup } from '../lookup.ts'

interface ChangeMembersProps {
  readonly group: string
  readonly name: string
  readonly isSaid: boolean
  readonly of: Directory
}

const ids = ['per', 'pip', 'agt', 'svc', 'grp'] as const

/** The part of the view that changes who is in it. */
export function ChangeMembers({ group, name, isSaid, of }: ChangeMembersProps): ReactElement {
  const [{ change: kind, member }, change] = useView()
  const isLeaving = kind === 'leave'
  const { choices, onType } = useLookup({ people: true, workloads: true, groups: true, value: member })
  // What somebody was chosen by is what he is called beside it.
  const directory: Directory = { ...of, nameOf: (id) => of.nameOf(id) ?? choices.find((one) => one.id === id)?.name }
  const done = (): void => change({ change: undefined, member: undefined })
  const verb = isLeaving ? 'Take out of the group' : 'Put into the group'
  return (
    <FormSection title={verb} onDone={done}>
      <Beside
        beside={
          member === undefined ? (
            <p className="text-soft">Who would gain and who would lose what shows here.</p>
          ) : (
            <Difference change={{ kind: isLeaving ? 'leave' : 'join', group, member }} of={directory} />
          )
        }
      >
        <Pick
          label="Whom"
          value={member}
          onChange={(id) => change({ member: id })}
          choices={choices}
          onType={onType}
          ids={ids}
          hint="A person, a workload or another group."
          isRequired
        />
        {isSaid ? (
          <p className="text-small text-soft">
            A directory says who is in this group. What is changed here shows as drift there, and stays until the directory says something
            else.
          </p>
        ) : null}
        {member === undefined ? (
          <Lacks>Choose whom first.</Lacks>
        ) : (
          <Act
            action={isLeaving ? 'group:remove' : 'group:add'}
            label={verb}
            weight={isLeaving ? 'danger' : 'primary'}
            input={() => ({ group, member })}
            before={
              <p>
                {isLeaving
                  ? 'Nothing is admitted through the group any more, from the moment that the answer is there; live runs that nothing else keeps going end.'
                  : 'Everything that the group holds is given, from the moment that the answer is there.'}
              </p>
            }
            after={({ memberCount }) => (
              <p>
                <bdi>{visible(name)}</bdi> has {counted(memberCount, 'member')} now.
              </p>
            )}
            onDone={done}
          />
        )}
      </Beside>
    </FormSection>
  )
}
