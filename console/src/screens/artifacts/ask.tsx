// Asking that an artifact be let out: to which environment, for which service, on which channel, for how long. What is chosen stands in the URL.
import type { ReactElement } from 'react'
import type { InputOf, OutputOf } from '../../api/call.ts'
import { refusalOf, useMay } from '../../api/may.ts'
import { type Reading, useRead } from '../../api/queries.ts'
import { Act, Withheld } from '../../design/act.tsx'
import { Because } from '../../design/because.tsx'
import { Forbidden, Notice } from '../../design/conditions.tsx'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { Select, TextField } from '../../design/field.tsx'
import { SpiffeId } from '../../design/identity.tsx'
import { KindMark } from '../../design/kind.tsx'
import { place, useGo } from '../../design/link.tsx'
import { counted } from '../../design/time.ts'
import { usePlacedList } from '../../shell/placed-list.ts'
import { useView } from '../../shell/view.ts'
import { isSlug } from '../people/fresh.tsx'

type Workload = OutputOf<'workload:list'>['items'][number]
type Environment = OutputOf<'environment:list'>['items'][number]

const daysUnlessSaid = '90'
/** Whether something can be let out for it. */
const isService = ({ kind, state }: Workload): boolean => kind === 'service' && (state === 'pending' || state === 'active')
const isDays = (text: string): boolean => /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 365

const itemsOf = <T,>(reading: Reading<{ readonly items: readonly T[] }>): readonly T[] =>
  reading.state === 'ready' ? reading.data.items : []

interface AskProps {
  readonly artifact: string
  /** What the channel is called unless another is named. */
  readonly name: string
  readonly isDestroyed: boolean
}

/** The fields, and the act. */
export function Ask(props: AskProps): ReactElement {
  const mayList = useMay('workload:list', {})
  const workloads = useRead('workload:list', { limit: 200 }, { when: mayList.state === 'yes' || mayList.state === 'unknown', every: false })
  const { reading: environments } = usePlacedList('environment:list', { limit: 200 }, { every: false })
  // Any service will do to learn whether this person may ask at all: nobody should fill in fields for nothing.
  const some = itemsOf(workloads).find(isService)
  const may = useMay(
    'promotion:request',
    some === undefined ? undefined : { artifact: props.artifact, environment: some.environment, service: some.id, channel: 'some' },
  )
  if (mayList.state === 'no')
    return (
      <p className="text-soft">
        Whoever operates runs asks for it; you may not see which services there are.{' '}
        <Because title="Why may I not ask?" label="Why not?">
          <Forbidden problem={refusalOf(mayList)} />
        </Because>
      </p>
    )
  if (may.state === 'no' && may.code === 'denied') return <Withheld label="Ask for promotion" may={may} />
  const targets = itemsOf(environments).filter((one) => one.class === 'production' && one.state === 'active')
  return <Fields {...props} targets={targets} workloads={itemsOf(workloads)} />
}

interface FieldsProps extends AskProps {
  readonly targets: readonly Environment[]
  readonly workloads: readonly Workload[]
}

/** What is chosen: by the URL, or because there is one of it alone; and what would be asked, once all of it is. */
function chosenIn(search: Readonly<Record<string, string | undefined>>, { artifact, name, targets, workloads }: FieldsProps) {
  const to = search.to ?? (targets.length === 1 ? targets[0]?.id : undefined)
  const services = workloads.filter((one) => isService(one) && one.environment === to)
  const service = services.find(({ id }) => id === search.service) ?? (services.length === 1 ? services[0] : undefined)
  const channel = search.channel ?? name
  const days = search.days ?? daysUnlessSaid
  const input =
    to === undefined || service === undefined || !isSlug(channel) || !isDays(days)
      ? undefined
      : { artifact, environment: to, service: service.id, channel, days: Number(days) }
  return { to, services, service, channel, days, input }
}

function Fields(props: FieldsProps): ReactElement {
  const { name, isDestroyed, targets } = props
  const [search, change] = useView()
  const { to, services, service, channel, days, input } = chosenIn(search, props)
  return (
    <div className="grid gap-x-10 gap-y-4 md:grid-cols-[20rem_minmax(0,1fr)]">
      <div className="flex flex-col gap-3">
        <Select
          label="To"
          value={to}
          onChange={(id) => change({ to: id, service: undefined })}
          choices={targets.map((one) => ({
            id: one.id,
            name: one.slug,
            shown: <EnvironmentMark of={one.class} name={one.slug} />,
          }))}
        />
        <Select
          label="For the service"
          value={service?.id}
          onChange={(id) => change({ service: id })}
          choices={services.map(({ id, slug }) => ({ id, name: slug }))}
        />
        <TextField
          label="On the channel"
          value={channel}
          onChange={(text) => change({ channel: text === name ? undefined : text })}
          hint="The service fetches what its channel points at."
          error={isSlug(channel) ? undefined : 'Write small letters, digits and hyphens.'}
          maxLength={40}
          mono
        />
        <TextField
          label="Days"
          value={days}
          onChange={(text) => change({ days: text === daysUnlessSaid ? undefined : text })}
          hint="How long the new identity lives, 365 at most."
          error={isDays(days) ? undefined : 'Write a whole number from 1 to 365.'}
          maxLength={3}
        />
      </div>
      <div className="min-w-0">
        {to !== undefined && services.length === 0 ? (
          <Notice tone="warn" title="No service is registered there.">
            A service needs an identity with its own key before anything can be let out for it.
          </Notice>
        ) : null}
        {service === undefined ? null : <WouldAct service={service} />}
        <AskButton input={input} service={service} isDestroyed={isDestroyed} />
      </div>
    </div>
  )
}

function WouldAct({ service }: { readonly service: Workload }): ReactElement {
  return (
    <div className="mb-4">
      <p className="text-small text-soft">What would act on it in production, as itself:</p>
      <p className="flex items-center gap-1.5">
        <KindMark kind="service" />
        <bdi className="font-medium">{service.slug}</bdi>
      </p>
      <SpiffeId id={service.spiffeId} />
    </div>
  )
}

interface AskButtonProps {
  readonly input: InputOf<'promotion:request'> | undefined
  readonly service: Workload | undefined
  readonly isDestroyed: boolean
}

function AskButton({ input, service, isDestroyed }: AskButtonProps): ReactElement {
  const go = useGo()
  if (input === undefined || service === undefined)
    return <p className="text-small text-soft">Choose where to, for which service, on which channel and for how long.</p>
  return (
    <Act
      action="promotion:request"
      label="Ask for promotion"
      weight="primary"
      input={() => input}
      notNow={isDestroyed ? 'It was destroyed.' : undefined}
      before={
        <ul className="list-disc space-y-1 pl-5">
          <li>
            <bdi>{service.slug}</bdi> proves its key, and the gate checks the artifact and replays the run’s calls against what is proposed.
          </li>
          <li>People who neither made, ran nor own it decide. You will not be one of them.</li>
          <li>Once crossed, a new identity lives for {counted(input.days ?? 90, 'day')}. Nothing of the run’s identity goes across.</li>
          <li>Until then the artifact stays in quarantine.</li>
        </ul>
      }
      after={({ id }) => (
        <p>
          It is asked for as <code className="font-mono text-tiny">{id}</code>. The gate comes next.
        </p>
      )}
      onDone={({ id }) => go(place('/promotions/$promotion', { promotion: id }))}
    />
  )
}
