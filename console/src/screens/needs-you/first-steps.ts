// What somebody for whom nothing waits could begin with, by the roles that he holds. A suggestion: what he may do is decided when he does it.

/** Something to begin with: a sentence, and where it leads. */
export interface FirstStep {
  readonly text: string
  readonly link: string
  readonly to: string
}

const steps: readonly { readonly roles: readonly string[]; readonly step: FirstStep }[] = [
  { roles: ['operator'], step: { text: 'You launch runs:', link: 'launch one.', to: '/launch' } },
  { roles: ['author'], step: { text: 'You write scenarios:', link: 'look at the twins and their versions.', to: '/twins' } },
  {
    roles: ['reviewer', 'deployer'],
    step: { text: 'Promotions come to you when their checks are done:', link: 'see all of them.', to: '/promotions' },
  },
  { roles: ['exporter', 'observer'], step: { text: 'What runs made is in quarantine:', link: 'look at it.', to: '/artifacts' } },
  { roles: ['auditor'], step: { text: 'You read the ledger:', link: 'follow what happened.', to: '/audit' } },
  { roles: ['admin'], step: { text: 'You answer for this organization:', link: 'look at its runs.', to: '/runs' } },
]

/** The first steps of somebody with these roles; where none fits, the one that everybody may try. */
export function firstSteps(roles: readonly string[]): readonly FirstStep[] {
  const own = steps.filter((one) => one.roles.some((role) => roles.includes(role))).map(({ step }) => step)
  return own.length > 0
    ? own
    : [{ text: 'You hold no role here yet. Ask an administrator for one; until then,', link: 'see what you may see.', to: '/runs' }]
}
