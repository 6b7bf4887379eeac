// How somebody signs in without a provider: his passkeys, and how many recovery codes are left. One's own can be added and renamed; an administrator sees another
// person's, and takes them away.
import { type ReactElement, useState } from 'react'
import { call, type OutputOf } from '../../api/call.ts'
import { canHavePasskeys, makePasskey } from '../../api/passkeys.ts'
import { useRead } from '../../api/queries.ts'
import { Act } from '../../design/act.tsx'
import { Button } from '../../design/button.tsx'
import { Code } from '../../design/code.tsx'
import { Shown } from '../../design/conditions.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Section } from '../../design/page.tsx'
import { visible } from '../../design/visible.ts'
import { When } from '../../design/when.tsx'
import { NameDialog } from './name-dialog.tsx'

type Passkeys = OutputOf<'person:passkeys'>
type Passkey = Passkeys['items'][number]

function Item({ passkey, isMine }: { readonly passkey: Passkey; readonly isMine: boolean }): ReactElement {
  const [isRenaming, setRenaming] = useState(false)
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 border-b border-line py-4" data-item tabIndex={-1}>
      <div className="min-w-0 flex-1 basis-72">
        <h3 className="font-semibold">
          <bdi>{visible(passkey.name)}</bdi>
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
      <div className="flex flex-wrap gap-2">
        {isMine ? <Button onPress={() => setRenaming(true)}>Rename…</Button> : null}
        <Act
          action="passkey:remove"
          label="Remove it"
          title={`Remove the passkey ${visible(passkey.name)}`}
          weight="danger"
          input={() => ({ passkey: passkey.id })}
          before={<p>It signs nobody in any more, and the sessions that it opened end at once.</p>}
          after={({ sessions }) => <p>It is gone. {sessions === 1 ? 'One session' : `${sessions} sessions`} ended with it.</p>}
        />
      </div>
      {isRenaming ? <Renaming passkey={passkey} onClose={() => setRenaming(false)} /> : null}
    </li>
  )
}

function Adding({ onClose }: { readonly onClose: () => void }): ReactElement {
  return (
    <NameDialog
      title="Add a passkey"
      label="Add it"
      busy="Waiting for the device…"
      done="Done: the passkey is added."
      hint="So that you know it again: the device, or where the key lies. The device asks you next."
      onName={makePasskey}
      onClose={onClose}
    />
  )
}

function Renaming({ passkey: { id, name }, onClose }: { readonly passkey: Passkey; readonly onClose: () => void }): ReactElement {
  return (
    <NameDialog
      title={`Rename the passkey ${visible(name)}`}
      label="Rename it"
      busy="Under way…"
      done="Done: the passkey is renamed."
      hint="So that you know it again. It signs you in as before."
      former={name}
      onName={async (to) => void (await call('passkey:rename', { passkey: id, name: to }))}
      onClose={onClose}
    />
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

function List({ items, isMine }: { readonly items: readonly Passkey[]; readonly isMine: boolean }): ReactElement {
  if (items.length === 0)
    return <p className="max-w-prose py-2 text-soft">None. A passkey is a key that a device keeps: no link, and nothing to type.</p>
  return (
    <ul aria-label="Passkeys">
      {items.map((passkey) => (
        <Item key={passkey.id} passkey={passkey} isMine={isMine} />
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
              <List items={items} isMine={isMine} />
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
