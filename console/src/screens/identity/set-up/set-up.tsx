// What the holder of an admin link sees: the steps of what it is for, and nothing else of this Twinlock.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useRead } from '../../../api/queries.ts'
import { Shown } from '../../../design/conditions.tsx'
import { Page, Section } from '../../../design/page.tsx'
import { Tabs } from '../../../design/tabs.tsx'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { ConnectionSteps } from '../connections/connection-steps.tsx'
import { ProviderForm } from '../connections/provider-form.tsx'
import { Deliveries } from '../directories/deliveries.tsx'
import { DirectoryForm } from '../directories/directory-form.tsx'
import { Tokens } from '../directories/tokens.tsx'
import { Step } from '../step.tsx'

type Its = OutputOf<'link:purpose'>

/** The screen. */
export function SetUp(): ReactElement {
  const reading = useRead('link:purpose', {})
  const link = reading.state === 'ready' ? reading.data : undefined
  return (
    <Page
      title={link === undefined ? 'Set up sign-in' : `Set up sign-in for ${visible(link.organization.name)}`}
      line={
        link === undefined ? undefined : (
          <>
            <span>Twinlock</span>
            <span>
              this link ends <When at={link.expiresAt} />
            </span>
          </>
        )
      }
    >
      <Shown of={reading} what="what the link is for">
        {(its) => (
          <>
            <p className="mb-4 max-w-prose text-soft">
              Do the steps in any order, and leave whenever you like: what is done stays, and the link opens this page again. Nothing here
              is in use before whoever sent you the link accepts it.
            </p>
            <Parts its={its} />
          </>
        )}
      </Shown>
    </Page>
  )
}

function Parts({ its }: { readonly its: Its }): ReactElement {
  const [search, change] = useView()
  if (its.purpose === 'sign-in') return <SignIn its={its} />
  if (its.purpose === 'directory') return <Directory its={its} />
  return (
    <Tabs
      label="What is set up"
      value={search.part === 'directory' ? 'directory' : 'sign-in'}
      onChange={(part) => change({ part: part === 'sign-in' ? undefined : part })}
      parts={[
        { id: 'sign-in', name: 'Single sign-on', content: () => <SignIn its={its} /> },
        { id: 'directory', name: 'Directory', content: () => <Directory its={its} /> },
      ]}
    />
  )
}

function SignIn({ its: { sso } }: { readonly its: Its }): ReactElement {
  const [search, change] = useView()
  if (sso !== null) return <Connected sso={sso} />
  return (
    <Step number={1} title="Say what your provider is" isDone={false}>
      <ProviderForm
        protocol={search.protocol === 'saml' ? 'saml' : 'oidc'}
        onProtocol={(protocol) => change({ protocol })}
        onMade={() => change({ protocol: undefined })}
        isAdministrator={false}
      />
    </Step>
  )
}

function Connected({ sso }: { readonly sso: string }): ReactElement {
  const reading = useRead('sso:show', { sso })
  return (
    <Shown of={reading} what="the provider">
      {(shown) => (
        <>
          <Step number={1} title="Say what your provider is" isDone>
            <p>
              <bdi className="font-medium">{visible(shown.name)}</bdi>{' '}
              <code className="font-mono text-tiny text-soft [overflow-wrap:anywhere]">{visible(shown.issuer)}</code>
            </p>
          </Step>
          <ConnectionSteps sso={shown} from={2} />
        </>
      )}
    </Shown>
  )
}

function Directory({ its: { directory } }: { readonly its: Its }): ReactElement {
  if (directory !== null) return <Opened directory={directory} />
  return (
    <Step number={1} title="Open a directory, and get its token" isDone={false}>
      <DirectoryForm isAdministrator={false} />
    </Step>
  )
}

function Opened({ directory }: { readonly directory: string }): ReactElement {
  const reading = useRead('directory:show', { directory })
  return (
    <Shown of={reading} what="the directory">
      {(shown) => (
        <>
          <Step number={1} title="Open a directory, and get its token" isDone>
            <p>
              <bdi className="font-medium">{visible(shown.name)}</bdi>
            </p>
          </Step>
          <Step number={2} title="Give the provider its base URL and the token">
            <p className="mb-2 max-w-prose text-soft">
              Let the provider test the connection: it looks for somebody who is not there, and succeeds. Switch on that it pushes people
              once whoever sent you the link has accepted it; until then what it pushes is refused, and stands below.
            </p>
            <Tokens directory={shown} />
          </Step>
          <Section title="What arrived from the provider">
            <Deliveries directory={directory} isLinked={false} />
          </Section>
        </>
      )}
    </Shown>
  )
}
