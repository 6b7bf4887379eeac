// How somebody signs in without a provider: his passkeys, and how many recovery codes are left. One's own can be added; an administrator sees another person's, and
// takes them away.
import { useQueryClient } from '@tanstack/react-query'
import { type ReactElement, useState } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { canHavePasskeys, makePasskey } from '../../api/passkeys.ts'
import { asProblem, type Problem } from '../../api/problem.ts'
import { useRead } from '../../api/queries.ts'
import { Act } from '../../design/act.tsx'
import { announce } from '../../design/announcer.tsx'
import { Button } from '../../design/button.tsx'
import { Code } from '../../design/code.tsx'
import { Failed, Shown } from '../../design/conditions.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { TextField } from '../../design/field.tsx'
import { Section } from '../../design/page.tsx'
import { When } from '../../design/when.tsx'

type Passkeys = OutputOf<'person:passkeys'>
type Passkey = Passkeys['items'][number]

function Item({ passkey }: { readonly passkey: Passkey }): ReactElement {
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 border-b border-line py-4" data-item tabIndex={-1}>
      <div className="min-w-0">
        <h3 className="font-semibold">
          <bdi>{passkey.name}</bdi>
          {passkey.state === 'suspended' ? (
            <span className="ml-2 text-small font-normal text-bad">there seems to be a copy of it</span>
          ) : null}
        </h3>
        <Facts>
          <Fact name="Kept by">{passkey.synced ? 'several devices of its owner' : 'one device'}</Fact>
          <Fact name="Added">
            <When at={passkey.createdAt} />
          </Fact>
          <Fact name="Last used">{passkey.usedAt === null ? <span className="text-faint">never</span> : <When at={passkey.usedAt} />}</Fact>
        </Facts>
      </div>
      <Act
        action="passkey:remove"
        label="Remove it"
        title={`Remove the passkey ${passkey.name}`}
        weight="danger"
        input={() => ({ passkey: passkey.id })}
        before={<p>It signs nobody in any more, and the sessions that it opened end at once.</p>}
        after={({ sessions }) => <p>It is gone. {sessions === 1 ? 'One session' : `${sessions} sessions`} ended with it.</p>}
      />
    </li>
  )
}

function Adding({ onClose }: { readonly onClose: () => void }): ReactElement {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const add = async (): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    try {
      await makePasskey(name.trim())
      announce('Done: the passkey is added.')
      onClose()
    } catch (error) {
      setProblem(asProblem(error))
    }
    setBusy(false)
    await client.invalidateQueries()
  }
  const isReady = name.trim().length > 0 && !isBusy
  return (
    <Dialog title="Add a passkey" isOpen onClose={onClose} isDismissable={!isBusy}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) void add()
        }}
      >
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          maxLength={80}
          isRequired
          autoFocus
          hint="So that you know it again: the device, or where the key lies. The device asks you next."
        />
        {problem === undefined ? null : (
          <div className="mt-4">
            <Failed problem={problem} />
          </div>
        )}
        <div className="mt-5 flex flex-wrap justify-end gap-2">
          <Button onPress={onClose} isDisabled={isBusy}>
            Do nothing
          </Button>
          <Button type="submit" weight="primary" isPending={isBusy} isDisabled={!isReady}>
            {isBusy ? 'Waiting for the device…' : 'Add it'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function Codes({ left }: { readonly left: number }): ReactElement {
  return (
    <Section
      title="Recovery codes"
      note={left === 0 ? 'none' : `${left} unused`}
      actions={
        <Act
          action="person:recovery-codes"
          label={left === 0 ? 'Make codes' : 'Make new codes'}
          input={() => ({})}
          before={
            <p>
              Ten codes, each good for one sign-in, shown this once. Keep them where your devices are not.
              {left === 0 ? '' : ' Those before end.'}
            </p>
          }
          after={({ codes }) => <Code text={codes.join('\n')} label="the recovery codes" />}
        />
      }
    >
      <p className="max-w-prose text-soft">
        For the day when your devices are gone. Each use of one is told to you and to the administrators.
      </p>
    </Section>
  )
}

function List({ items }: { readonly items: readonly Passkey[] }): ReactElement {
  if (items.length === 0)
    return <p className="max-w-prose py-2 text-soft">None. A passkey is a key that a device keeps: no link, and nothing to type.</p>
  return (
    <ul aria-label="Passkeys">
      {items.map((passkey) => (
        <Item key={passkey.id} passkey={passkey} />
      ))}
    </ul>
  )
}

/** The passkeys of a person. `isMine` where it is he who looks. */
export function OwnWays({ person, isMine }: { readonly person: string; readonly isMine: boolean }): ReactElement {
  const reading = useRead('person:passkeys', { person, limit: 100 })
  const [isAdding, setAdding] = useState(false)
  const isHere = canHavePasskeys()
  return (
    <div className="mt-8">
      <Shown of={reading} what="the passkeys" rows={2}>
        {({ items, recoveryCodes, possible }) => (
          <>
            <Section
              title="Passkeys"
              note={items.length === 0 ? undefined : String(items.length)}
              actions={isMine && possible && isHere ? <Button onPress={() => setAdding(true)}>Add a passkey</Button> : undefined}
            >
              <List items={items} />
              {isMine && !(possible && isHere) ? (
                <p className="max-w-prose text-small text-faint">
                  Here none can be added: a passkey belongs to a name, and this Twinlock is reached by an address, or the browser knows no
                  passkeys.
                </p>
              ) : null}
            </Section>
            {isMine ? <Codes left={recoveryCodes} /> : null}
          </>
        )}
      </Shown>
      {isAdding ? <Adding onClose={() => setAdding(false)} /> : null}
    </div>
  )
}
