// What an organization is called, how long things wait in it, and how long a sign-in counts as fresh: as it is, and the forms that change it.
import { type ReactElement, type ReactNode, useState } from 'react'
import { Act } from '../../../design/act.tsx'
import { Button } from '../../../design/button.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { TextField } from '../../../design/field.tsx'
import { Id } from '../../../design/id.tsx'
import { Link } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { counted, span } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { useView } from '../../../shell/view.ts'
import { Fields, FormSection } from '../../people/form-section.tsx'
import { Lacks } from '../../people/fresh.tsx'
import { Ready, wrongIn } from './ready.tsx'
import { freshIn, type Settings, waitsIn } from './settings.ts'

const minuteMs = 60_000

interface OfSettings {
  readonly settings: Settings
}

interface FormProps extends OfSettings {
  readonly onDone: () => void
}

function Rename({ settings: { organization }, onDone }: FormProps): ReactElement {
  const [typed, setTyped] = useState(organization.name)
  const name = typed.trim()
  return (
    <FormSection title="What it is called" onDone={onDone}>
      <Fields>
        <TextField label="Name" value={typed} onChange={setTyped} maxLength={120} isRequired autoFocus />
        {name === '' || name === organization.name ? (
          <Lacks>Nothing is changed yet.</Lacks>
        ) : (
          <Act
            action="organization:change-settings"
            label="Rename it"
            title="Rename the organization"
            weight="primary"
            input={(reason) => ({ name, reason })}
            reason="Why; goes on the record."
            before={<p>Its short name, its ids and its trust domains stay.</p>}
            after={({ organization: { name: now } }) => (
              <p>
                It is called <bdi className="font-medium">{visible(now)}</bdi> now.
              </p>
            )}
            onDone={onDone}
          />
        )}
      </Fields>
    </FormSection>
  )
}

function ChangeWaits({ settings, onDone }: FormProps): ReactElement {
  const [open, setOpen] = useState(String(settings.requestOpenMinutes))
  const [lasting, setLasting] = useState(String(settings.requestMinutes))
  const [grace, setGrace] = useState(String(settings.deletionGraceDays))
  const [kept, setKept] = useState(String(settings.deliveryDays))
  const typed = waitsIn({ requestOpenMinutes: open, requestMinutes: lasting, deletionGraceDays: grace, deliveryDays: kept }, settings)
  const wrong = wrongIn(typed)
  return (
    <FormSection title="How long things wait" onDone={onDone}>
      <Fields>
        <TextField
          label="A request for access waits, in minutes"
          value={open}
          onChange={setOpen}
          error={wrong.requestOpenMinutes}
          hint="Where the request does not say. Then it expires."
          maxLength={6}
          isRequired
          autoFocus
        />
        <TextField
          label="What a request gives lasts, in minutes"
          value={lasting}
          onChange={setLasting}
          error={wrong.requestMinutes}
          hint="Where the request does not say. Whoever approves it may shorten it."
          maxLength={6}
          isRequired
        />
        <TextField
          label="A confirmed deletion waits, in days"
          value={grace}
          onChange={setGrace}
          error={wrong.deletionGraceDays}
          hint="In which any administrator can keep the organization."
          maxLength={6}
          isRequired
        />
        <TextField
          label="The log of a directory is kept, in days"
          value={kept}
          onChange={setKept}
          error={wrong.deliveryDays}
          hint="What it asked for. The ledger’s entries of it stay."
          maxLength={6}
          isRequired
        />
        <Ready typed={typed}>
          {(change) => (
            <Act
              action="organization:change-settings"
              label="Change it"
              title="Change how long things wait"
              weight="primary"
              input={(reason) => ({ ...change, reason })}
              reason="Why; goes on the record."
              before={<p>It holds for what is asked from now on. What waits already keeps its end.</p>}
              after={() => <p>It is changed.</p>}
              onDone={onDone}
            />
          )}
        </Ready>
      </Fields>
    </FormSection>
  )
}

function ChangeFresh({ settings: { stepUpMinutes }, onDone }: FormProps): ReactElement {
  const [minutes, setMinutes] = useState(String(stepUpMinutes))
  const typed = freshIn(minutes, stepUpMinutes)
  return (
    <FormSection title="How long a sign-in is fresh" onDone={onDone}>
      <Fields>
        <TextField
          label="Fresh for, in minutes"
          value={minutes}
          onChange={setMinutes}
          error={wrongIn(typed).minutes}
          hint="For what cannot be taken back: approving, crossing, changes of who signs in how."
          maxLength={6}
          isRequired
          autoFocus
        />
        <Ready typed={typed}>
          {(change) => (
            <Act
              action="organization:step-up"
              label="Change it"
              title="Change how long a sign-in is fresh"
              weight="primary"
              input={() => ({ minutes: change })}
              before={
                <p>
                  {change < stepUpMinutes
                    ? 'Whoever signed in longer ago than that is asked to sign in again, from the moment that the answer is there.'
                    : 'Sign-ins count as fresh for longer: a session that is left open reaches further.'}
                </p>
              }
              after={({ stepUpMinutes: now }) => <p>A sign-in is fresh for {span(now * minuteMs)} now.</p>}
              onDone={onDone}
            />
          )}
        </Ready>
      </Fields>
    </FormSection>
  )
}

const forms = { name: Rename, fresh: ChangeFresh, waits: ChangeWaits } as const

interface RuleProps extends OfSettings {
  readonly form: keyof typeof forms
  readonly title: string
  /** What the button changes, for those who hear it. */
  readonly what: string
  readonly children: ReactNode
}

/** Facts, and in their place the form that changes them. */
function Rule({ settings, form, title, what, children }: RuleProps): ReactElement {
  const [{ edit }, change] = useView()
  const Form = forms[form]
  if (edit === form) return <Form settings={settings} onDone={() => change({ edit: undefined })} />
  return (
    <Section
      title={title}
      actions={
        <Button onPress={() => change({ edit: form }, true)} label={`Change ${what}`}>
          Change…
        </Button>
      }
    >
      <Facts>{children}</Facts>
    </Section>
  )
}

/** The sections. */
export function Rules({ settings }: OfSettings): ReactElement {
  const { organization, requireSso, stepUpMinutes, requestOpenMinutes, requestMinutes, deletionGraceDays, deliveryDays } = settings
  return (
    <>
      <Rule settings={settings} form="name" title="What it is called" what="what it is called">
        <Fact name="Name">
          <bdi className="font-medium [overflow-wrap:anywhere]">{visible(organization.name)}</bdi>
        </Fact>
        <Fact name="Short name">
          <code className="font-mono text-tiny">{organization.slug}</code>
        </Fact>
        <Fact name="Its id">
          <Id id={organization.id} />
        </Fact>
      </Rule>
      <Rule settings={settings} form="fresh" title="Signing in" what="how long a sign-in is fresh">
        <Fact name="Its provider">
          <Link to="/identity">{requireSso ? 'The only way in' : 'Not the only way in'}</Link>
        </Fact>
        <Fact name="A sign-in is fresh for">{span(stepUpMinutes * minuteMs)}</Fact>
      </Rule>
      <Rule settings={settings} form="waits" title="How long things wait" what="how long things wait">
        <Fact name="A request for access">{span(requestOpenMinutes * minuteMs)}, then it expires</Fact>
        <Fact name="What it gives">lasts {span(requestMinutes * minuteMs)}, where the request does not say</Fact>
        <Fact name="A confirmed deletion">{counted(deletionGraceDays, 'day')}</Fact>
        <Fact name="The log of a directory">is kept for {counted(deliveryDays, 'day')}</Fact>
      </Rule>
    </>
  )
}
