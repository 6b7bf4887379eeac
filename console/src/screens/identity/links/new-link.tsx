// Making an admin link: whom it is for, what it sets up, how long it is good. It is shown this once.
import { type ReactElement, useState } from 'react'
import { Act } from '../../../design/act.tsx'
import { Select, TextField } from '../../../design/field.tsx'
import { place, useGo } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { When } from '../../../design/when.tsx'
import { Lacks } from '../../people/fresh.tsx'
import { ShownOnce } from '../copied.tsx'
import { IdentityPage } from '../identity-page.tsx'

const purposes = [
  { id: 'both', name: 'single sign-on and a directory' },
  { id: 'sign-in', name: 'single sign-on' },
  { id: 'directory', name: 'a directory' },
] as const
const lengths = [
  { id: '8', name: '8 hours' },
  { id: '24', name: 'one day' },
  { id: '72', name: 'three days' },
  { id: '168', name: 'one week' },
  { id: '336', name: 'two weeks' },
]

/** The screen. */
export function NewLink(): ReactElement {
  const go = useGo()
  const [name, setName] = useState('')
  const [purpose, setPurpose] = useState<(typeof purposes)[number]['id']>('both')
  const [hours, setHours] = useState('72')
  return (
    <IdentityPage
      title="Make an admin link"
      below="/identity/links"
      line="Send it to one person, by a way that others do not read: whoever holds it can use it."
    >
      <div className="grid gap-x-12 gap-y-6 md:grid-cols-2">
        <div className="flex min-w-0 flex-col items-start gap-4">
          <div className="w-full">
            <TextField
              label="For"
              value={name}
              onChange={setName}
              hint="Whom you send it to: a person, a company."
              maxLength={200}
              isRequired
            />
          </div>
          <Select
            label="Sets up"
            value={purpose}
            onChange={(id) => setPurpose(purposes.find((one) => one.id === id)?.id ?? 'both')}
            choices={purposes}
          />
          <Select label="Good for" value={hours} onChange={setHours} choices={lengths} />
          {name.trim() === '' ? (
            <Lacks>Say whom it is for first.</Lacks>
          ) : (
            <Act
              action="link:create"
              label="Make the link"
              weight="primary"
              input={(reason) => ({ name: name.trim(), purpose, hours: Number(hours), reason })}
              asked={{ name: 'Somebody', reason: 'To see whether it is allowed.' }}
              reason="Why somebody else sets it up; goes on the record."
              before={<p>What is done with it is recorded in your name, too. It ends when you leave.</p>}
              after={({ url, expiresAt }) => (
                <>
                  <ShownOnce shown={[{ name: 'The link', text: url }]}>It is shown this once; only its hash is kept.</ShownOnce>
                  <p className="mt-2 text-soft">
                    It ends <When at={expiresAt} />, or when you end it.
                  </p>
                </>
              )}
              onDone={({ id }) => go(place('/identity/links/$id', { id }))}
            />
          )}
        </div>
        <div>
          <Section title="Whoever holds it">
            <ul className="list-disc space-y-1.5 pl-5 text-soft">
              <li>connects one provider, proves its domains and tests it; opens one directory and gets its token;</li>
              <li>sees no people, no other connection and no other view;</li>
              <li>lets nobody in: what was set up waits until somebody here accepts it, which ends the link;</li>
              <li>is nobody from the moment that you end the link, that its time is over, or that you leave.</li>
            </ul>
          </Section>
        </div>
      </div>
    </IdentityPage>
  )
}
