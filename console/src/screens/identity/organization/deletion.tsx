// Deleting the organization: one administrator asks, another confirms, a grace passes in which any of them can keep it. Each types its short name, so that nobody does
// it to another than he means.
import { type ReactElement, useState } from 'react'
import { session } from '../../../api/session.ts'
import { useStore } from '../../../api/store.ts'
import { Act } from '../../../design/act.tsx'
import { Button } from '../../../design/button.tsx'
import { Notice } from '../../../design/conditions.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { TextField } from '../../../design/field.tsx'
import { Section } from '../../../design/page.tsx'
import { counted } from '../../../design/time.ts'
import { Countdown, When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { useDirectory } from '../../access/names.ts'
import { Who } from '../../access/who.tsx'
import { KeepOrganization } from '../../needs-you/keep-organization.tsx'
import { Fields, FormSection } from '../../people/form-section.tsx'
import { Lacks } from '../../people/fresh.tsx'
import type { Settings } from './settings.ts'

interface OfSettings {
  readonly settings: Settings
}

interface TypedAgainProps extends OfSettings {
  readonly children: (slug: string) => ReactElement
}

/** The short name, typed again: what is done with it shows once it is that of this organization. */
function TypedAgain({ settings: { organization }, children }: TypedAgainProps): ReactElement {
  const [slug, setSlug] = useState('')
  return (
    <Fields>
      <TextField
        label="Its short name, typed again"
        value={slug}
        onChange={setSlug}
        hint={`So that no other is meant: ${organization.slug}.`}
        maxLength={40}
        isRequired
        mono
      />
      {slug.trim() === organization.slug ? children(slug.trim()) : <Lacks>Type its short name first.</Lacks>}
    </Fields>
  )
}

function Ask({ settings }: OfSettings): ReactElement {
  const [, change] = useView()
  const close = (): void => change({ edit: undefined })
  return (
    <FormSection title="Ask for it to be deleted" onDone={close}>
      <TypedAgain settings={settings}>
        {(slug) => (
          <Act
            action="organization:delete"
            label="Ask for its deletion"
            title="Ask for the organization to be deleted"
            weight="danger"
            input={(reason) => ({ slug, reason })}
            reason="Why it is to be deleted; goes on the record, and whoever confirms it reads it."
            before={
              <p>
                Nothing happens by that: another administrator confirms it, and then {counted(settings.deletionGraceDays, 'day')} pass in
                which any administrator can keep it. Every administrator is told.
              </p>
            }
            after={() => <p>It is asked for. Another administrator confirms it, or keeps the organization.</p>}
            onDone={close}
          />
        )}
      </TypedAgain>
    </FormSection>
  )
}

function Confirm({ settings }: OfSettings): ReactElement {
  const grace = counted(settings.deletionGraceDays, 'day')
  return (
    <Section title="Confirm it" note="as another administrator than who asked">
      <TypedAgain settings={settings}>
        {(slug) => (
          <Act
            action="organization:confirm-deletion"
            label="Confirm the deletion"
            title="Confirm that the organization is to be deleted"
            weight="danger"
            input={(reason) => ({ slug, reason })}
            reason="Why it is to be deleted; goes on the record."
            before={
              <>
                <p>Live runs end and tokens are taken away at once. From now on nothing is launched, issued, fetched or exported here.</p>
                <p>
                  In {grace} its keys, what it keeps and its ledger are destroyed. Until then any administrator can keep it; what ended
                  meanwhile stays ended.
                </p>
              </>
            }
            after={({ runs, tokens, dueAt }) => (
              <p>
                {counted(runs, 'run')} and {counted(tokens, 'token')} ended. It is destroyed <When at={dueAt} />, unless somebody keeps it.
              </p>
            )}
          />
        )}
      </TypedAgain>
    </Section>
  )
}

interface AskedProps extends OfSettings {
  readonly deletion: NonNullable<Settings['deletion']>
}

function Asked({ settings, deletion: { state, askedBy, askedAt, confirmedBy, dueAt } }: AskedProps): ReactElement {
  const of = useDirectory()
  const now = useStore(session)
  const isAsker = now.state === 'somebody' && now.here.person.id === askedBy
  return (
    <>
      <Section title="It is to be deleted">
        <Notice tone="bad" title={state === 'confirmed' ? 'Its deletion is confirmed.' : 'Its deletion was asked for.'}>
          {state === 'confirmed' ? (
            <>
              It is destroyed in <Countdown until={dueAt ?? ''} over="this moment" />. Nothing is launched, issued, fetched or exported
              until somebody keeps it.
            </>
          ) : (
            'Nothing happens before another administrator confirms it.'
          )}
        </Notice>
        <Facts>
          <Fact name="Asked for">
            <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
              <When at={askedAt} /> by <Who id={askedBy} of={of} />
            </span>
          </Fact>
          {confirmedBy === null ? null : (
            <Fact name="Confirmed by">
              <Who id={confirmedBy} of={of} />
            </Fact>
          )}
          {dueAt === null ? null : (
            <Fact name="Destroyed">
              <When at={dueAt} />
            </Fact>
          )}
        </Facts>
        <KeepOrganization />
      </Section>
      {state === 'confirmed' ? null : isAsker ? (
        <p className="mt-3 text-soft">You asked for it: another administrator confirms it.</p>
      ) : (
        <Confirm settings={settings} />
      )}
    </>
  )
}

/** The section. */
export function Deletion({ settings }: OfSettings): ReactElement {
  const [{ edit }, change] = useView()
  const { deletion } = settings
  if (deletion !== null) return <Asked settings={settings} deletion={deletion} />
  if (edit === 'deletion') return <Ask settings={settings} />
  return (
    <Section
      title="Deleting it"
      actions={
        <Button weight="danger" onPress={() => change({ edit: 'deletion' }, true)}>
          Delete the organization…
        </Button>
      }
    >
      <p className="max-w-prose text-soft">
        Two administrators: one asks, another confirms. Then {counted(settings.deletionGraceDays, 'day')} pass, in which any of them can
        keep it, before its keys, what it keeps and its ledger are destroyed. Its trust domains are never used again.
      </p>
    </Section>
  )
}
