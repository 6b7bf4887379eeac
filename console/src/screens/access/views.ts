// Every view on access, loaded together: they share most of what they are made of, and a chunk for each would be named in what every page loads first.
import { Blast } from './blast/blast.tsx'
import { Conflict } from './conflicts/conflict.tsx'
import { Conflicts } from './conflicts/conflicts.tsx'
import { NewConflict } from './conflicts/new-conflict.tsx'
import { Grants } from './grants/grants.tsx'
import { NewGrant } from './grants/new-grant.tsx'
import { Guardrail } from './guardrails/guardrail.tsx'
import { Guardrails } from './guardrails/guardrails.tsx'
import { NewGuardrail } from './guardrails/new-guardrail.tsx'
import { Paths } from './paths/paths.tsx'
import { BreakGlass } from './requests/break-glass.tsx'
import { NewRequest } from './requests/new-request.tsx'
import { Request } from './requests/request.tsx'
import { Requests } from './requests/requests.tsx'
import { NewRole } from './roles/new-role.tsx'
import { Role } from './roles/role.tsx'
import { Roles } from './roles/roles.tsx'
import { WhatIf } from './what-if/what-if.tsx'
import { Yours } from './yours.tsx'

/** The views, by name. */
export const views = {
  Blast,
  BreakGlass,
  Conflict,
  Conflicts,
  Grants,
  Guardrail,
  Guardrails,
  NewConflict,
  NewGrant,
  NewGuardrail,
  NewRequest,
  NewRole,
  Paths,
  Request,
  Requests,
  Role,
  Roles,
  WhatIf,
  Yours,
}
