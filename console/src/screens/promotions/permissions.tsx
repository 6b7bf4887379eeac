// Granted, used, proposed: what the run was allowed, what of it was used, and what alone would go across. What was not used stays behind.
import type { ReactElement } from 'react'
import { useMay } from '../../api/may.ts'
import { useRead } from '../../api/queries.ts'
import { Empty, Partial } from '../../design/conditions.tsx'
import { Icon } from '../../design/icon.tsx'
import { Id } from '../../design/id.tsx'
import { counted } from '../../design/time.ts'
import type { ReviewedPromotion } from './identities.tsx'

type Permissions = ReviewedPromotion['permissions']

/** The names of connections; an id stays an id for those who may not list them, who are asked for nothing: each refusal would be an entry of the ledger. */
function useConnectionNames(): (id: string) => string | undefined {
  const may = useMay('connection:list', {})
  const connections = useRead('connection:list', { limit: 200 }, { when: may.state === 'yes', every: false })
  const names = new Map(connections.state === 'ready' ? connections.data.items.map(({ id, slug }) => [id, slug]) : [])
  return (id) => names.get(id)
}

interface RuleProps {
  readonly connection: string
  readonly name: string | undefined
  readonly methods: readonly string[]
  readonly path: string
}

function Rule({ connection, name, methods, path }: RuleProps): ReactElement {
  return (
    <span className="block min-w-0">
      <code className="font-mono text-tiny [overflow-wrap:anywhere]">
        <span className="text-soft">{methods.join(', ')}</span> {path}
      </code>
      <span className="block text-tiny text-faint">{name === undefined ? <Id plain id={connection} /> : <bdi>{name}</bdi>}</span>
    </span>
  )
}

function Granted({ granted, nameOf }: { readonly granted: Permissions['granted']; readonly nameOf: (id: string) => string | undefined }) {
  const used = granted.filter((rule) => rule.used).length
  return (
    <div className="min-w-0">
      <h3 className="mb-1 text-small text-soft">
        Granted to the run{' '}
        <span className="text-faint">
          · {used} of {granted.length} used
        </span>
      </h3>
      <ul>
        {[...granted]
          .sort((one, other) => Number(other.used) - Number(one.used))
          .map((rule) => (
            <li
              key={`${rule.connection} ${rule.methods.join()} ${rule.path}`}
              className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-3 border-b border-line/70 py-1.5 last:border-b-0"
            >
              <span className={`inline-flex items-center gap-1 self-start ${rule.used ? 'text-good' : 'text-faint'}`}>
                <Icon name={rule.used ? 'check' : 'dash'} />
                {rule.used ? 'used' : 'not used'}
              </span>
              <Rule {...rule} name={nameOf(rule.connection)} />
            </li>
          ))}
      </ul>
    </div>
  )
}

function Proposed({ rules, nameOf }: { readonly rules: Permissions['rules']; readonly nameOf: (id: string) => string | undefined }) {
  return (
    <div className="min-w-0">
      <h3 className="mb-1 text-small text-soft">
        Proposed in production <span className="text-faint">· {counted(rules.length, 'permission')}, each from recorded calls</span>
      </h3>
      {rules.length === 0 ? <Empty title="None: the run made no call that would go across." /> : null}
      <ul>
        {rules.map((rule) => (
          <li
            key={`${rule.from} ${rule.connection} ${rule.methods.join()} ${rule.path}`}
            className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-3 border-b border-line/70 py-1.5 last:border-b-0"
          >
            <span className="text-small text-soft">
              {counted(rule.calls, 'call')}
              {rule.generalised > 1 ? <span className="block text-tiny text-warn">{rule.generalised} paths as one</span> : null}
            </span>
            {rule.connection === null ? (
              <span className="min-w-0">
                <span className="flex items-center gap-1 text-warn">
                  <Icon name="question" />
                  no counterpart in production
                </span>
                <Rule connection={rule.from} name={nameOf(rule.from)} methods={rule.methods} path={rule.path} />
              </span>
            ) : (
              <Rule connection={rule.connection} name={nameOf(rule.connection)} methods={rule.methods} path={rule.path} />
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The three stages of its permissions. */
export function PermissionDiff({ permissions: { granted, rules, unmapped } }: { readonly permissions: Permissions }): ReactElement {
  const nameOf = useConnectionNames()
  return (
    <>
      {unmapped.length === 0 ? null : (
        <Partial title="Not assessed in part.">
          Called without a counterpart in production: {unmapped.map((id) => nameOf(id) ?? id).join(', ')}.
        </Partial>
      )}
      <div className="grid gap-x-10 gap-y-5 md:grid-cols-2">
        <Granted granted={granted} nameOf={nameOf} />
        <Proposed rules={rules} nameOf={nameOf} />
      </div>
    </>
  )
}
