// What the API offers, as types. Generated from the catalogue: `npm run generate`.

export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance: string
  readonly code: "malformed" | "invalid" | "too_large" | "unauthenticated" | "denied" | "not_found" | "conflict" | "stale" | "busy" | "unavailable" | "internal" | "method_not_allowed" | "timed_out" | "headers_too_large" | "rate_limited" | "too_many_requests" | "slow_reader" | "too_many_listeners" | "run_frozen" | "not_promoted" | "sealed_elsewhere" | "token_revoked" | "assertion_replayed" | "token_malformed" | "token_expired" | "token_not_yet_valid" | "token_signature" | "token_audience" | "token_issuer" | "token_key_unknown" | "secret_found" | "seal_broken" | "twin_retired" | "owner_left" | "manifest_exceeds" | "run_not_live" | "ends_too_soon" | "claim_lost" | "foreign_subject" | "undeclared_connection" | "path_refused" | "foreign_token" | "header_refused" | "upstream_refused" | "upstream_failed" | "response_too_large" | "output_limit" | "blob_missing" | "blob_changed" | "filter_refused" | "attribute_unknown" | "no_target" | "read_only" | "value_refused" | "claimed" | "etag_moved" | "last_administrator" | "example_broken" | "request_closed" | "request_expired" | "sign_in_expired" | "sign_in_replayed" | "sign_in_refused" | "sign_in_unmatched" | "provider_failed" | "sso_required" | "step_up_required" | "domain_unproved" | "domain_taken" | "organization_closing" | "gate_failed" | "wrong_state" | "key_not_proved" | "changed_since" | "attestation_malformed" | "attestation_signature" | "attestation_subject" | "attestation_predicate"
  readonly requestId: string
  readonly errors?: readonly {
    readonly pointer: string
    readonly detail: string
  }[]
  readonly next?: string
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** Every action that has a route: what it takes and what it answers. */
export interface Actions {
  /** Show everything that a person, group, workload, connection, twin, run or credential reaches if it is stolen: what is possible, by what, and what it did. */
  readonly 'access:blast': {
    readonly input: {
      readonly of: string
    }
    readonly output: {
      readonly of: {
        readonly type: string
        readonly id: string
        readonly name: string
      }
      readonly acts: readonly {
        readonly group: "input" | "output" | "production" | "manage"
        readonly action: string
        readonly scope: {
          readonly type: string
          readonly id: string
          readonly name: string
        }
        readonly upTo: "public" | "internal" | "confidential" | "restricted" | null
        readonly environments: readonly string[]
        readonly ways: readonly (readonly {
          readonly kind: "group" | "role" | "custom-role" | "actions" | "ownership" | "delegation" | "credential" | "promotion" | "break-glass" | "own"
          readonly id: string
          readonly name: string
        }[])[]
        readonly grants: readonly string[]
        readonly conditions: readonly string[]
        readonly lastUsed: string | null
        readonly times: number
        readonly byGlass: boolean
      }[]
      readonly totals: {
        readonly input: number
        readonly output: number
        readonly production: number
        readonly manage: number
        readonly glass: number
      }
      readonly twins: readonly {
        readonly id: string
        readonly name: string
        readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
        readonly legs: readonly ("input" | "output" | "production")[]
        readonly glass: readonly ("input" | "output" | "production")[]
      }[]
      readonly twinsTotal: number
      readonly calls: readonly {
        readonly connection: {
          readonly type: string
          readonly id: string
          readonly name: string
        }
        readonly environment: string
        readonly access: "read" | "write" | "control"
        readonly methods: readonly string[]
        readonly path: string
        readonly holder: string
      }[]
      readonly holds: {
        readonly credentials: readonly {
          readonly kind: "session" | "link" | "token" | "key" | "secret"
          readonly id: string | null
          readonly holder: string
          readonly environment: string | null
          readonly since: string | null
          readonly until: string | null
        }[]
        readonly runs: readonly {
          readonly id: string
          readonly twin: string
          readonly environment: string
          readonly state: string
          readonly as: "operator" | "orchestrator" | "twin"
        }[]
        readonly owns: readonly {
          readonly type: string
          readonly id: string
          readonly name: string
        }[]
      }
      readonly onward: readonly {
        readonly grant: string
        readonly roles: readonly string[]
        readonly actions: readonly string[]
        readonly scope: {
          readonly type: string
          readonly id: string
          readonly name: string
        }
      }[]
      readonly actual: readonly {
        readonly action: string
        readonly times: number
        readonly lastUsed: string
      }[]
      readonly toxic: readonly ("input" | "output" | "production")[]
      readonly withheld: number
      readonly cut: boolean
    }
  }
  /** Say whether you may do things, without doing them; and what is missing, and who could grant it. */
  readonly 'access:check': {
    readonly input: {
      readonly questions: readonly {
        readonly action: string
        readonly input?: { readonly [name: string]: Json }
      }[]
    }
    readonly output: {
      readonly answers: readonly {
        readonly action: string
        readonly allowed: boolean
        readonly code: string | null
        readonly detail: string | null
        readonly policies: readonly string[]
        readonly roles: readonly string[]
        readonly grantedBy: readonly {
          readonly id: string
          readonly slug: string
          readonly name: string
        }[]
      }[]
    }
  }
  /** Say how this process decides: how often by compiled policies, how often by cedar-wasm, and which policies err. */
  readonly 'access:engine': {
    readonly input: Record<string, never>
    readonly output: {
      readonly decisions: {
        readonly compiled: number
        readonly requestFallbacks: number
        readonly policyFallbacks: number
      } | null
      readonly findings: readonly {
        readonly kind: "permit-errs" | "forbid-errs" | "policy-not-compiled" | "request-not-compiled"
        readonly about: string
        readonly count: number
      }[]
    }
  }
  /** Decide whether subjects may do actions on resources, without doing them; one after the other, up to the first that decides if asked so. */
  readonly 'access:evaluate': {
    readonly input: {
      readonly evaluations: readonly {
        readonly subject: {
          readonly type: string
          readonly id: string
        }
        readonly action: {
          readonly name: string
          readonly properties?: { readonly [name: string]: Json }
        }
        readonly resource: {
          readonly type: string
          readonly id: string
        }
      }[]
      readonly semantic?: "execute_all" | "deny_on_first_deny" | "permit_on_first_permit"
    }
    readonly output: {
      readonly decisions: readonly {
        readonly decision: boolean
        readonly code: string | null
        readonly detail: string | null
        readonly policies: readonly string[]
      }[]
    }
  }
  /** Say why somebody may or may not do something: the policies that decide, the grants behind them, what is missing, who could grant it. */
  readonly 'access:explain': {
    readonly input: {
      readonly principal?: string
      readonly action: string
      readonly input?: { readonly [name: string]: Json }
    }
    readonly output: {
      readonly principal: string
      readonly action: string
      readonly outcome: "allowed" | "denied" | "unknown"
      readonly code: string | null
      readonly detail: string | null
      readonly policies: readonly {
        readonly id: string
        readonly kind: "grant" | "guardrail" | "shipped" | "permission"
        readonly meaning: string | null
        readonly text: string | null
        readonly grant: {
          readonly id: string
          readonly role: string | null
          readonly actions: readonly string[]
          readonly scope: {
            readonly type: string
            readonly id: string
          }
          readonly environments: readonly string[]
          readonly notBefore: string | null
          readonly expiresAt: string | null
          readonly untilRun: string | null
          readonly untilBatch: string | null
          readonly through: string | null
          readonly givenBy: string | null
        } | null
      }[]
      readonly missing: {
        readonly roles: readonly string[]
        readonly near: readonly {
          readonly grant: {
            readonly id: string
            readonly role: string | null
            readonly actions: readonly string[]
            readonly scope: {
              readonly type: string
              readonly id: string
            }
            readonly environments: readonly string[]
            readonly notBefore: string | null
            readonly expiresAt: string | null
            readonly untilRun: string | null
            readonly untilBatch: string | null
            readonly through: string | null
            readonly givenBy: string | null
          }
          readonly why: "not-begun" | "over" | "another-scope-or-environment"
        }[]
      }
      readonly grantedBy: readonly {
        readonly id: string
        readonly slug: string
        readonly name: string
      }[]
    }
  }
  /** Show which role may do what in which class of environments, your own roles and guardrails among them. */
  readonly 'access:matrix': {
    readonly input: Record<string, never>
    readonly output: {
      readonly roles: readonly {
        readonly role: string
        readonly isOwn: boolean
      }[]
      readonly actions: readonly {
        readonly action: string
        readonly may: readonly {
          readonly role: string
          readonly classes: readonly ("sandbox" | "staging" | "preproduction" | "production")[]
        }[]
      }[]
    }
  }
  /** Show who and what can change the input of a twin, dataset or artifact, observe its output, or move it to production; by what, and last when. */
  readonly 'access:paths': {
    readonly input: {
      readonly target: string
      readonly leg?: "input" | "output" | "production"
      readonly principal?: string
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly target: {
        readonly type: string
        readonly id: string
        readonly name: string
      }
      readonly twins: readonly string[]
      readonly totals: {
        readonly input: {
          readonly paths: number
          readonly people: number
          readonly workloads: number
          readonly never: number
          readonly glass: number
        }
        readonly output: {
          readonly paths: number
          readonly people: number
          readonly workloads: number
          readonly never: number
          readonly glass: number
        }
        readonly production: {
          readonly paths: number
          readonly people: number
          readonly workloads: number
          readonly never: number
          readonly glass: number
        }
      }
      readonly paths: readonly {
        readonly leg: "input" | "output" | "production"
        readonly action: string
        readonly kind: "grant" | "break-glass" | "ownership" | "delegation" | "credential" | "promotion"
        readonly principal: {
          readonly type: string
          readonly id: string
          readonly name: string
        }
        readonly owner: string | null
        readonly environments: readonly string[]
        readonly policies: readonly string[]
        readonly ways: readonly (readonly {
          readonly kind: "group" | "role" | "custom-role" | "actions" | "ownership" | "delegation" | "credential" | "promotion" | "break-glass" | "own"
          readonly id: string
          readonly name: string
        }[])[]
        readonly grants: readonly {
          readonly id: string
          readonly role: string | null
          readonly customRole: string | null
          readonly actions: readonly string[]
          readonly scope: {
            readonly type: string
            readonly id: string
          }
          readonly environments: readonly string[]
          readonly notBefore: string | null
          readonly expiresAt: string | null
          readonly untilRun: string | null
          readonly untilBatch: string | null
          readonly through: string | null
          readonly givenBy: string
        }[]
        readonly conditions: readonly string[]
        readonly lastUsed: string | null
        readonly credentials: number
      }[]
      readonly toxic: readonly {
        readonly principal: string
        readonly name: string
        readonly legs: readonly ("input" | "output" | "production")[]
        readonly workloads: readonly string[]
      }[]
      readonly toxicTotal: number
      readonly former: readonly {
        readonly principal: string
        readonly action: string
        readonly lastUsed: string
      }[]
      readonly withheld: number
      readonly next: string | null
    }
  }
  /** Find which subjects may do an action on a resource, on which resources a subject may do it, or which actions a subject may do on one. */
  readonly 'access:search': {
    readonly input: {
      readonly for: "subject" | "resource" | "action"
      readonly subject: {
        readonly type: string
        readonly id?: string
      }
      readonly action?: {
        readonly name: string
        readonly properties?: { readonly [name: string]: Json }
      }
      readonly resource: {
        readonly type: string
        readonly id?: string
      }
      readonly limit?: number
      readonly token?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly type?: string
        readonly id?: string
        readonly name?: string
      }[]
      readonly next: string | null
    }
  }
  /** Say who would gain and who would lose what by a change of a grant, a group, a role, a guardrail, an owner or a mapping; without making it. */
  readonly 'access:whatif': {
    readonly input: {
      readonly change: {
        readonly kind: "give"
        readonly principal: string
        readonly role?: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
        readonly customRole?: string
        readonly actions?: readonly string[]
        readonly scopeType?: "Organization" | "Project" | "Twin" | "Scenario" | "Asset" | "Artifact" | "Connection" | "Channel"
        readonly scope?: string
        readonly environments?: readonly string[]
        readonly notBefore?: string
        readonly expiresAt?: string
        readonly untilRun?: string
        readonly untilBatch?: string
        readonly untilEngagement?: string
      } | {
        readonly kind: "take"
        readonly grant: string
      } | {
        readonly kind: "join"
        readonly group: string
        readonly member: string
      } | {
        readonly kind: "leave"
        readonly group: string
        readonly member: string
      } | {
        readonly kind: "dissolve"
        readonly group: string
      } | {
        readonly kind: "role"
        readonly role: string
        readonly add?: readonly string[]
        readonly remove?: readonly string[]
        readonly retire?: boolean
      } | {
        readonly kind: "policy"
        readonly guardrail?: string
        readonly policy?: string
        readonly environmentClasses?: readonly ("sandbox" | "staging" | "preproduction" | "production")[]
        readonly sensitivity?: "public" | "internal" | "confidential" | "restricted" | null
        readonly retire?: boolean
      } | {
        readonly kind: "owner"
        readonly of: string
        readonly to: string
      } | {
        readonly kind: "set"
        readonly give?: readonly {
          readonly principal: string
          readonly role?: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
          readonly customRole?: string
          readonly actions?: readonly string[]
          readonly scopeType?: "Organization" | "Project" | "Twin" | "Scenario" | "Asset" | "Artifact" | "Connection" | "Channel"
          readonly scope?: string
          readonly environments?: readonly string[]
          readonly notBefore?: string
          readonly expiresAt?: string
          readonly untilRun?: string
          readonly untilBatch?: string
          readonly untilEngagement?: string
        }[]
        readonly take?: readonly string[]
      } | {
        readonly kind: "mapping"
        readonly mapping: string
        readonly retire?: true
      }
    }
    readonly output: {
      readonly gains: readonly {
        readonly principal: string
        readonly name: string
        readonly action: string
        readonly scope: {
          readonly type: string
          readonly id: string
        }
        readonly environments: readonly string[]
        readonly from: string | null
        readonly through: string | null
      }[]
      readonly loses: readonly {
        readonly principal: string
        readonly name: string
        readonly action: string
        readonly scope: {
          readonly type: string
          readonly id: string
        }
        readonly environments: readonly string[]
        readonly from: string | null
        readonly through: string | null
      }[]
      readonly later: readonly {
        readonly at: string
        readonly gains: readonly {
          readonly principal: string
          readonly name: string
          readonly action: string
          readonly scope: {
            readonly type: string
            readonly id: string
          }
          readonly environments: readonly string[]
          readonly from: string | null
          readonly through: string | null
        }[]
        readonly loses: readonly {
          readonly principal: string
          readonly name: string
          readonly action: string
          readonly scope: {
            readonly type: string
            readonly id: string
          }
          readonly environments: readonly string[]
          readonly from: string | null
          readonly through: string | null
        }[]
      }[]
      readonly looksAt: readonly ("time" | "address" | "sign-in")[]
      readonly totals: {
        readonly gains: {
          readonly principals: number
          readonly differences: number
        }
        readonly loses: {
          readonly principals: number
          readonly differences: number
        }
      }
      readonly touched: number
      readonly cut: boolean
    }
  }
  /** Export what is kept of this organization, without any secret, and keep it sealed for yourself until it ends. */
  readonly 'archive:create': {
    readonly input: {
      readonly hours?: number
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly asker: string
      readonly parts: number
      readonly rows: number
      readonly bytes: number
      readonly createdAt: string
      readonly expiresAt: string
    }
  }
  /** Delete an archive, yours or another administrator’s. */
  readonly 'archive:delete': {
    readonly input: {
      readonly archive: string
    }
    readonly output: {
      readonly deleted: boolean
    }
  }
  /** Fetch a part of an archive of yours. */
  readonly 'archive:fetch': {
    readonly input: {
      readonly archive: string
      readonly part?: number
    }
    readonly output: {
      readonly format: "twinlock-organization-v1"
      readonly organization: string
      readonly at: string
      readonly rows: readonly {
        readonly table: string
        readonly row: { readonly [name: string]: Json }
      }[]
      readonly next: number | null
    }
  }
  /** List the archives of this organization: whose, how large and until when. */
  readonly 'archive:list': {
    readonly input: Record<string, never>
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly asker: string
        readonly parts: number
        readonly rows: number
        readonly bytes: number
        readonly createdAt: string
        readonly expiresAt: string
      }[]
    }
  }
  /** Take one file of an artifact out of quarantine, with a reason; never by a hand that made it. */
  readonly 'artifact:export': {
    readonly input: {
      readonly artifact: string
      readonly file: string
      readonly reason: string
    }
    readonly output: {
      readonly name: string
      readonly mediaType: string
      readonly digest: string
      readonly bytes: number
      readonly content: string
    }
  }
  /** List artifacts, newest first. */
  readonly 'artifact:list': {
    readonly input: {
      readonly state?: "quarantined" | "promoted" | "destroyed"
      readonly twin?: string
      readonly project?: string
      readonly run?: string
      readonly environment?: string
      readonly class?: "sandbox" | "staging" | "preproduction" | "production"
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly run: string
        readonly twin: string
        readonly twinName: string | null
        readonly scenario: string
        readonly scenarioName: string | null
        readonly environment: string
        readonly environmentSlug: string
        readonly environmentClass: "sandbox" | "staging" | "preproduction" | "production"
        readonly operator: string
        readonly operatorName: string | null
        readonly digest: string
        readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
        readonly state: "quarantined" | "promoted" | "destroyed"
        readonly findingsCount: number
        readonly sealedAt: string
      }[]
      readonly next: string | null
    }
  }
  /** Fetch what a channel points at, as the service that was promoted for it. */
  readonly 'artifact:pull': {
    readonly input: {
      readonly channel: string
    }
    readonly output: {
      readonly artifact: string
      readonly digest: string
      readonly promotion: string
      readonly files: readonly {
        readonly name: string
        readonly mediaType: string
        readonly digest: string
        readonly bytes: number
        readonly content: string
      }[]
      readonly attestations: readonly {
        readonly predicateType: string
        readonly envelope: Json
      }[]
    }
  }
  /** Read one file of an artifact, to look at it. */
  readonly 'artifact:read': {
    readonly input: {
      readonly artifact: string
      readonly file: string
    }
    readonly output: {
      readonly name: string
      readonly mediaType: string
      readonly digest: string
      readonly bytes: number
      readonly content: string
    }
  }
  /** Show an artifact: digest, files, why it is as sensitive as it is, what was checked, and who can read it now. */
  readonly 'artifact:show': {
    readonly input: {
      readonly artifact: string
    }
    readonly output: {
      readonly id: string
      readonly run: string
      readonly twin: string
      readonly twinName: string | null
      readonly scenario: string
      readonly scenarioName: string | null
      readonly environment: string
      readonly environmentSlug: string
      readonly environmentClass: "sandbox" | "staging" | "preproduction" | "production"
      readonly operator: string
      readonly operatorName: string | null
      readonly digest: string
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      readonly state: "quarantined" | "promoted" | "destroyed"
      readonly findingsCount: number
      readonly sealedAt: string
      readonly files: readonly {
        readonly name: string
        readonly mediaType: string
        readonly digest: string
        readonly bytes: number
      }[]
      readonly sensitivityBecause: readonly {
        readonly of: "run" | "twin" | "connection" | "asset"
        readonly id: string
        readonly name: string
        readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      }[]
      readonly findings: readonly Json[]
      readonly checks: {
        readonly of: "promotion" | "artifact"
        readonly promotion: string | null
        readonly items: readonly {
          readonly name: string
          readonly result: "passed" | "failed" | "not_assessed"
          readonly blocking: boolean
          readonly detail: string
        }[]
      }
      readonly quarantine: {
        readonly since: string
        readonly leftBy: string | null
        readonly leftAt: string | null
        readonly detail: string
      }
      readonly visibleTo: {
        readonly principals: readonly {
          readonly kind: string
          readonly id: string
          readonly name: string
          readonly via: string
        }[]
        readonly truncated: boolean
      }
      readonly attestations: readonly {
        readonly predicateType: string
        readonly envelope: Json
      }[]
    }
  }
  /** Seal an asset (a world, model or dataset) by digest, scanned at the door. */
  readonly 'asset:add': {
    readonly input: {
      readonly project: string
      readonly slug: string
      readonly mediaType: string
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      readonly owner: string
      readonly content: string
    }
    readonly output: {
      readonly id: string
      readonly project: string
      readonly slug: string
      readonly version: number
      readonly digest: string
      readonly bytes: number
      readonly mediaType: string
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      readonly owner: string
    }
  }
  /** List the assets of a project. */
  readonly 'asset:list': {
    readonly input: {
      readonly project: string
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly project: string
        readonly slug: string
        readonly version: number
        readonly digest: string
        readonly bytes: number
        readonly mediaType: string
        readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
        readonly owner: string
      }[]
      readonly next: string | null
    }
  }
  /** Read what an asset holds. */
  readonly 'asset:read': {
    readonly input: {
      readonly asset: string
    }
    readonly output: {
      readonly id: string
      readonly project: string
      readonly slug: string
      readonly version: number
      readonly digest: string
      readonly bytes: number
      readonly mediaType: string
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      readonly owner: string
      readonly content: string
    }
  }
  /** Show an asset: its digest, how sensitive it is, who answers for it. */
  readonly 'asset:show': {
    readonly input: {
      readonly asset: string
    }
    readonly output: {
      readonly id: string
      readonly project: string
      readonly slug: string
      readonly version: number
      readonly digest: string
      readonly bytes: number
      readonly mediaType: string
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      readonly owner: string
    }
  }
  /** List what waits for you: to review, to decide, to cross, to mend, to renew. */
  readonly 'attention:list': {
    readonly input: Record<string, never>
    readonly output: {
      readonly items: readonly {
        readonly kind: "promotion_to_review" | "promotion_to_cross" | "promotion_blocked" | "run_failed" | "run_frozen" | "grant_expiring" | "request_to_decide" | "request_answered" | "break_glass_to_review" | "workload_key_missing" | "secret_taken_along" | "broken_glass" | "recovery_code_used" | "passkey_copied" | "passkey_added" | "recovery_codes_made" | "provider_changed" | "provider_not_required" | "address_changed" | "directory_token_shown" | "provider_certificate_ending" | "domain_proof_missing" | "set_up_to_accept" | "ownership_offered" | "ownership_declined" | "orphan_found" | "organization_closing" | "guest_ending" | "guest_to_accept" | "guest_paused" | "engagement_ending" | "engagement_to_confirm" | "engagement_paused"
        readonly subject: {
          readonly type: string
          readonly id: string
        }
        readonly title: string
        readonly why: string
        readonly since: string
        readonly until: string | null
        readonly action: string
      }[]
      readonly checkedAt: string
      readonly truncated: boolean
    }
  }
  /** End every live run of a batch: their identities end before this returns. */
  readonly 'batch:end': {
    readonly input: {
      readonly batch: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly twin: string
      readonly twinName: string | null
      readonly scenario: string
      readonly scenarioName: string | null
      readonly environment: string
      readonly environmentSlug: string
      readonly environmentClass: "sandbox" | "staging" | "preproduction" | "production"
      readonly launchedBy: string
      readonly launchedByName: string | null
      readonly createdAt: string
      readonly endedAt: string | null
      readonly size: number
      readonly runs: {
        readonly live: number
        readonly running: number
        readonly succeeded: number
        readonly failed: number
      }
      readonly stopped: {
        readonly runs: number
        readonly credentials: number
      }
      readonly tookMs: number
    }
  }
  /** Launch several runs of a twin together, one for each seed or set of parameters, each with an identity of its own: all, or none. */
  readonly 'batch:launch': {
    readonly input: {
      readonly scenario: string
      readonly environment: string
      readonly seeds?: string
      readonly parameters?: { readonly [name: string]: Json }
      readonly runs?: readonly {
        readonly scenario?: string
        readonly seed?: number
        readonly parameters?: { readonly [name: string]: Json }
      }[]
    }
    readonly output: {
      readonly id: string
      readonly twin: string
      readonly twinName: string | null
      readonly scenario: string
      readonly scenarioName: string | null
      readonly environment: string
      readonly environmentSlug: string
      readonly environmentClass: "sandbox" | "staging" | "preproduction" | "production"
      readonly launchedBy: string
      readonly launchedByName: string | null
      readonly createdAt: string
      readonly endedAt: string | null
      readonly size: number
      readonly runs: {
        readonly live: number
        readonly running: number
        readonly succeeded: number
        readonly failed: number
      }
      readonly launched: readonly {
        readonly id: string
        readonly scenario: string
        readonly seed: number
        readonly spiffeId: string
      }[]
    }
  }
  /** List batches, newest first. */
  readonly 'batch:list': {
    readonly input: {
      readonly twin?: string
      readonly project?: string
      readonly live?: string | boolean
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly twin: string
        readonly twinName: string | null
        readonly scenario: string
        readonly scenarioName: string | null
        readonly environment: string
        readonly environmentSlug: string
        readonly environmentClass: "sandbox" | "staging" | "preproduction" | "production"
        readonly launchedBy: string
        readonly launchedByName: string | null
        readonly createdAt: string
        readonly endedAt: string | null
        readonly size: number
        readonly runs: {
          readonly live: number
          readonly running: number
          readonly succeeded: number
          readonly failed: number
        }
      }[]
      readonly next: string | null
    }
  }
  /** Show a batch: what it is of, who launched it, how far its runs are. */
  readonly 'batch:show': {
    readonly input: {
      readonly batch: string
    }
    readonly output: {
      readonly id: string
      readonly twin: string
      readonly twinName: string | null
      readonly scenario: string
      readonly scenarioName: string | null
      readonly environment: string
      readonly environmentSlug: string
      readonly environmentClass: "sandbox" | "staging" | "preproduction" | "production"
      readonly launchedBy: string
      readonly launchedByName: string | null
      readonly createdAt: string
      readonly endedAt: string | null
      readonly size: number
      readonly runs: {
        readonly live: number
        readonly running: number
        readonly succeeded: number
        readonly failed: number
      }
    }
  }
  /** Declare duties that nobody shall hold together: roles or actions on either side. Later grants are held to it. */
  readonly 'conflict:declare': {
    readonly input: {
      readonly slug: string
      readonly one: readonly string[]
      readonly other: readonly string[]
      readonly reason: string
    }
    readonly output: {
      readonly slug: string
      readonly one: readonly string[]
      readonly other: readonly string[]
      readonly stops: boolean
    }
  }
  /** End a conflict that was declared: later grants are no longer held to it. */
  readonly 'conflict:end': {
    readonly input: {
      readonly slug: string
      readonly reason: string
    }
    readonly output: {
      readonly slug: string
      readonly endedAt: string | null
    }
  }
  /** List the duties that are kept apart: those that ship with the product, and those that were declared here. */
  readonly 'conflict:list': {
    readonly input: Record<string, never>
    readonly output: {
      readonly items: readonly {
        readonly slug: string
        readonly one: readonly string[]
        readonly other: readonly string[]
        readonly stops: boolean
      }[]
    }
  }
  /** Say who holds both of two sides of duties now, without declaring anything: by which grants, through groups and workloads of theirs as well. */
  readonly 'conflict:preview': {
    readonly input: {
      readonly one: readonly string[]
      readonly other: readonly string[]
    }
    readonly output: {
      readonly items: readonly {
        readonly holder: string
        readonly name: string | null
        readonly one: string
        readonly other: string
      }[]
      readonly cut: boolean
    }
  }
  /** Create a connection of one environment, with its credential sealed and its counterpart named. */
  readonly 'connection:create': {
    readonly input: {
      readonly environment: string
      readonly slug: string
      readonly access: "read" | "write" | "control"
      readonly baseUrl: string
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      readonly owner: string
      readonly counterpart?: string
      readonly secret?: {
        readonly header: string
        readonly value: string
      }
    }
    readonly output: {
      readonly id: string
      readonly environment: string
      readonly slug: string
      readonly access: "read" | "write" | "control"
      readonly baseUrl: string
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      readonly owner: string
      readonly counterpart: string | null
      readonly hasSecret: boolean
      readonly state: "active" | "suspended"
    }
  }
  /** List connections with their counterparts; credentials are never shown. */
  readonly 'connection:list': {
    readonly input: {
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly environment: string
        readonly slug: string
        readonly access: "read" | "write" | "control"
        readonly baseUrl: string
        readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
        readonly owner: string
        readonly counterpart: string | null
        readonly hasSecret: boolean
        readonly state: "active" | "suspended"
      }[]
      readonly next: string | null
    }
  }
  /** Let a connection that was stopped go on: calls go through it again, of whoever may make them. */
  readonly 'connection:resume': {
    readonly input: {
      readonly connection: string
    }
    readonly output: {
      readonly id: string
      readonly state: "active" | "suspended"
    }
  }
  /** Give a connection the next version of its credential: each call that is decided from now on carries it, and the one before is destroyed. */
  readonly 'connection:rotate': {
    readonly input: {
      readonly connection: string
      readonly value: string
      readonly header?: string
    }
    readonly output: {
      readonly id: string
      readonly header: string
      readonly version: number
    }
  }
  /** Stop a connection: no call goes through it from this moment on. */
  readonly 'connection:suspend': {
    readonly input: {
      readonly connection: string
    }
    readonly output: {
      readonly id: string
      readonly state: "active" | "suspended"
    }
  }
  /** Open a directory for a connection of an identity provider, and get the token that it sends over SCIM; it is shown this once. */
  readonly 'directory:create': {
    readonly input: {
      readonly slug: string
      readonly name: string
      readonly owner?: string
      readonly adopts?: boolean
    }
    readonly output: {
      readonly directory: string
      readonly baseUrl: string
      readonly token: string
    }
  }
  /** Read what a directory asked for, newest first: what changed, and why something was refused. */
  readonly 'directory:deliveries': {
    readonly input: {
      readonly directory: string
      readonly refused?: boolean
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly at: string
        readonly operation: string
        readonly resource: string | null
        readonly changed: readonly string[]
        readonly outcome: "done" | "refused"
        readonly code: string | null
        readonly told: string
        readonly entry: string
      }[]
      readonly next: string | null
    }
  }
  /** List the directories of the organization. */
  readonly 'directory:list': {
    readonly input: {
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly slug: string
        readonly name: string
        readonly owner: string
        readonly adopts: boolean
        readonly state: "proposed" | "active" | "retired"
        readonly createdAt: string
      }[]
      readonly next: string | null
    }
  }
  /** Find where what a directory last said and what is here differ: people, names, addresses, and who is in which group. */
  readonly 'directory:reconcile': {
    readonly input: {
      readonly directory: string
    }
    readonly output: {
      readonly directory: string
      readonly count: number
      readonly drift: readonly {
        readonly kind: "left-here" | "active-here" | "name" | "address" | "member-missing" | "member-extra"
        readonly resource: string
        readonly member: string | null
        readonly told: string
      }[]
    }
  }
  /** End a directory: its tokens are good for nothing any more. People and groups that came by it stay as they are, and nobody says anything of them. */
  readonly 'directory:retire': {
    readonly input: {
      readonly directory: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly owner: string
      readonly adopts: boolean
      readonly state: "proposed" | "active" | "retired"
      readonly createdAt: string
    }
  }
  /** Give a directory a new token. The one before stays good for some hours, so that the provider can be told; older ones end at once. */
  readonly 'directory:rotate-token': {
    readonly input: {
      readonly directory: string
      readonly overlapHours?: number
    }
    readonly output: {
      readonly directory: string
      readonly baseUrl: string
      readonly token: string
      readonly previousEndsAt: string
    }
  }
  /** Show a directory: how many users and groups it has, when it last asked for something, and until when its tokens are good. */
  readonly 'directory:show': {
    readonly input: {
      readonly directory: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly owner: string
      readonly adopts: boolean
      readonly state: "proposed" | "active" | "retired"
      readonly createdAt: string
      readonly users: number
      readonly activeUsers: number
      readonly groups: number
      readonly lastDelivery: string | null
      readonly tokens: readonly {
        readonly createdAt: string
        readonly endsAt: string | null
      }[]
    }
  }
  /** Claim a domain for a sign-in connection; a DNS record proves it. */
  readonly 'domain:claim': {
    readonly input: {
      readonly name: string
      readonly sso: string
    }
    readonly output: {
      readonly id: string
      readonly name: string
      readonly sso: string
      readonly state: "claimed" | "verified" | "lapsed"
      readonly verifiedAt: string | null
      readonly checkedAt: string | null
      readonly missingSince: string | null
      readonly lapsesAt: string | null
      readonly record: {
        readonly name: string
        readonly type: "TXT"
        readonly value: string
      }
    }
  }
  /** List the domains of the organization, with the DNS record that proves each. */
  readonly 'domain:list': {
    readonly input: {
      readonly sso?: string
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly name: string
        readonly sso: string
        readonly state: "claimed" | "verified" | "lapsed"
        readonly verifiedAt: string | null
        readonly checkedAt: string | null
        readonly missingSince: string | null
        readonly lapsesAt: string | null
        readonly record: {
          readonly name: string
          readonly type: "TXT"
          readonly value: string
        }
      }[]
      readonly next: string | null
    }
  }
  /** Give a domain up: nobody is added or linked by its addresses any more. Who is linked already stays. */
  readonly 'domain:release': {
    readonly input: {
      readonly domain: string
    }
    readonly output: {
      readonly id: string
      readonly released: true
    }
  }
  /** Prove a claimed domain by its DNS record; from then on its addresses sign in through its connection. */
  readonly 'domain:verify': {
    readonly input: {
      readonly domain: string
    }
    readonly output: {
      readonly id: string
      readonly name: string
      readonly sso: string
      readonly state: "claimed" | "verified" | "lapsed"
      readonly verifiedAt: string | null
      readonly checkedAt: string | null
      readonly missingSince: string | null
      readonly lapsesAt: string | null
      readonly record: {
        readonly name: string
        readonly type: "TXT"
        readonly value: string
      }
    }
  }
  /** Put a guest, an agent, a pipeline or a service into an engagement: it ends with it, and reaches no farther. */
  readonly 'engagement:add': {
    readonly input: {
      readonly engagement: string
      readonly member: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly sponsor: string
      readonly sponsorName: string | null
      readonly sponsorLeft: boolean
      readonly projects: readonly string[]
      readonly until: string
      readonly state: "unconfirmed" | "active" | "suspended" | "ended"
      readonly members: readonly {
        readonly member: string
        readonly name: string | null
        readonly kind: "person" | "workload"
      }[]
      readonly createdBy: string
      readonly createdAt: string | null
      readonly endedAt: string | null
      readonly mine: boolean
    }
  }
  /** Confirm, as its sponsor, that an engagement needs to know what it may reach. From then on it is let through. */
  readonly 'engagement:confirm': {
    readonly input: {
      readonly engagement: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly sponsor: string
      readonly sponsorName: string | null
      readonly sponsorLeft: boolean
      readonly projects: readonly string[]
      readonly until: string
      readonly state: "unconfirmed" | "active" | "suspended" | "ended"
      readonly members: readonly {
        readonly member: string
        readonly name: string | null
        readonly kind: "person" | "workload"
      }[]
      readonly createdBy: string
      readonly createdAt: string | null
      readonly endedAt: string | null
      readonly mine: boolean
    }
  }
  /** Begin an engagement with a partner: projects, a sponsor and an end. Nothing is let through until the sponsor confirms the need to know. */
  readonly 'engagement:create': {
    readonly input: {
      readonly slug: string
      readonly name: string
      readonly sponsor?: string
      readonly projects: readonly string[]
      readonly until: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly sponsor: string
      readonly sponsorName: string | null
      readonly sponsorLeft: boolean
      readonly projects: readonly string[]
      readonly until: string
      readonly state: "unconfirmed" | "active" | "suspended" | "ended"
      readonly members: readonly {
        readonly member: string
        readonly name: string | null
        readonly kind: "person" | "workload"
      }[]
      readonly createdBy: string
      readonly createdAt: string | null
      readonly endedAt: string | null
      readonly mine: boolean
    }
  }
  /** End an engagement: its guests leave, its agents and services stop, and what was given until its end ends, before this returns. */
  readonly 'engagement:end': {
    readonly input: {
      readonly engagement: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly sponsor: string
      readonly sponsorName: string | null
      readonly sponsorLeft: boolean
      readonly projects: readonly string[]
      readonly until: string
      readonly state: "unconfirmed" | "active" | "suspended" | "ended"
      readonly members: readonly {
        readonly member: string
        readonly name: string | null
        readonly kind: "person" | "workload"
      }[]
      readonly createdBy: string
      readonly createdAt: string | null
      readonly endedAt: string | null
      readonly mine: boolean
      readonly guests: number
      readonly workloads: number
      readonly grants: number
    }
  }
  /** Prolong an engagement that you answer for. Its guests are prolonged one by one. */
  readonly 'engagement:extend': {
    readonly input: {
      readonly engagement: string
      readonly until: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly sponsor: string
      readonly sponsorName: string | null
      readonly sponsorLeft: boolean
      readonly projects: readonly string[]
      readonly until: string
      readonly state: "unconfirmed" | "active" | "suspended" | "ended"
      readonly members: readonly {
        readonly member: string
        readonly name: string | null
        readonly kind: "person" | "workload"
      }[]
      readonly createdBy: string
      readonly createdAt: string | null
      readonly endedAt: string | null
      readonly mine: boolean
    }
  }
  /** List engagements with partners: who answers for them, and until when they last. Those that you answer for without a role. */
  readonly 'engagement:list': {
    readonly input: {
      readonly limit?: number
      readonly after?: string
      readonly mine?: string | boolean
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly slug: string
        readonly name: string
        readonly sponsor: string
        readonly sponsorName: string | null
        readonly sponsorLeft: boolean
        readonly projects: readonly string[]
        readonly until: string
        readonly state: "unconfirmed" | "active" | "suspended" | "ended"
        readonly members: readonly {
          readonly member: string
          readonly name: string | null
          readonly kind: "person" | "workload"
        }[]
        readonly createdBy: string
        readonly createdAt: string | null
        readonly endedAt: string | null
        readonly mine: boolean
      }[]
      readonly next: string | null
    }
  }
  /** Show an engagement: its guests, agents and services, its sponsor and its end. */
  readonly 'engagement:show': {
    readonly input: {
      readonly engagement: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly sponsor: string
      readonly sponsorName: string | null
      readonly sponsorLeft: boolean
      readonly projects: readonly string[]
      readonly until: string
      readonly state: "unconfirmed" | "active" | "suspended" | "ended"
      readonly members: readonly {
        readonly member: string
        readonly name: string | null
        readonly kind: "person" | "workload"
      }[]
      readonly createdBy: string
      readonly createdAt: string | null
      readonly endedAt: string | null
      readonly mine: boolean
    }
  }
  /** Name another sponsor of an engagement. Nothing is let through until that one confirms the need to know. */
  readonly 'engagement:sponsor': {
    readonly input: {
      readonly engagement: string
      readonly sponsor: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly sponsor: string
      readonly sponsorName: string | null
      readonly sponsorLeft: boolean
      readonly projects: readonly string[]
      readonly until: string
      readonly state: "unconfirmed" | "active" | "suspended" | "ended"
      readonly members: readonly {
        readonly member: string
        readonly name: string | null
        readonly kind: "person" | "workload"
      }[]
      readonly createdBy: string
      readonly createdAt: string | null
      readonly endedAt: string | null
      readonly mine: boolean
    }
  }
  /** Say that an engagement needs to know nothing for now. When this returns, nothing is admitted for what is of it. */
  readonly 'engagement:suspend': {
    readonly input: {
      readonly engagement: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly sponsor: string
      readonly sponsorName: string | null
      readonly sponsorLeft: boolean
      readonly projects: readonly string[]
      readonly until: string
      readonly state: "unconfirmed" | "active" | "suspended" | "ended"
      readonly members: readonly {
        readonly member: string
        readonly name: string | null
        readonly kind: "person" | "workload"
      }[]
      readonly createdBy: string
      readonly createdAt: string | null
      readonly endedAt: string | null
      readonly mine: boolean
      readonly runs: number
    }
  }
  /** Create an environment with a trust domain, an issuer and keys of its own. */
  readonly 'environment:create': {
    readonly input: {
      readonly slug: string
      readonly class: "sandbox" | "staging" | "preproduction" | "production"
      readonly owner: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly class: "sandbox" | "staging" | "preproduction" | "production"
      readonly trustDomain: string
      readonly owner: string
      readonly state: "active" | "retired"
    }
  }
  /** List environments with their trust domains. */
  readonly 'environment:list': {
    readonly input: {
      readonly project?: string
      readonly twin?: string
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly slug: string
        readonly class: "sandbox" | "staging" | "preproduction" | "production"
        readonly trustDomain: string
        readonly owner: string
        readonly state: "active" | "retired"
      }[]
      readonly next: string | null
    }
  }
  /** Save an example beside a guardrail or a role: who does what to what, and whether that is to be allowed or denied. */
  readonly 'example:add': {
    readonly input: {
      readonly slug: string
      readonly guardrail?: string
      readonly role?: string
      readonly holds?: readonly ("author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor")[]
      readonly customRoles?: readonly string[]
      readonly kind?: "person" | "pipeline" | "agent" | "service"
      readonly principal?: string
      readonly clearance?: "public" | "internal" | "confidential" | "restricted"
      readonly action: string
      readonly on?: {
        readonly type: "Project" | "Twin" | "Scenario" | "Asset" | "Artifact" | "Connection" | "Channel"
        readonly id: string
      }
      readonly sensitivity?: "public" | "internal" | "confidential" | "restricted"
      readonly known?: { readonly [name: string]: string | boolean | number | readonly string[] }
      readonly context?: { readonly [name: string]: string | boolean | number | readonly string[] }
      readonly environmentClass?: "sandbox" | "staging" | "preproduction" | "production"
      readonly expected: "allowed" | "denied"
      readonly note?: string
    }
    readonly output: {
      readonly example: string
      readonly guardrail: string | null
      readonly role: string | null
      readonly question: {
        readonly holds: readonly ("author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor")[]
        readonly customRoles: readonly string[]
        readonly kind: "person" | "pipeline" | "agent" | "service"
        readonly principal?: string
        readonly clearance: "public" | "internal" | "confidential" | "restricted"
        readonly action: string
        readonly on?: {
          readonly type: "Project" | "Twin" | "Scenario" | "Asset" | "Artifact" | "Connection" | "Channel"
          readonly id: string
        }
        readonly sensitivity?: "public" | "internal" | "confidential" | "restricted"
        readonly known: { readonly [name: string]: string | boolean | number | readonly string[] }
        readonly context: { readonly [name: string]: string | boolean | number | readonly string[] }
        readonly environmentClass?: "sandbox" | "staging" | "preproduction" | "production"
      }
      readonly expected: "allowed" | "denied"
      readonly decided: "allowed" | "denied"
      readonly policies: readonly string[]
      readonly holds: boolean
      readonly note: string | null
      readonly createdBy: string
      readonly createdAt: string | null
    }
  }
  /** List the examples, each with what would be decided now. */
  readonly 'example:list': {
    readonly input: {
      readonly guardrail?: string
      readonly role?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly example: string
        readonly guardrail: string | null
        readonly role: string | null
        readonly question: {
          readonly holds: readonly ("author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor")[]
          readonly customRoles: readonly string[]
          readonly kind: "person" | "pipeline" | "agent" | "service"
          readonly principal?: string
          readonly clearance: "public" | "internal" | "confidential" | "restricted"
          readonly action: string
          readonly on?: {
            readonly type: "Project" | "Twin" | "Scenario" | "Asset" | "Artifact" | "Connection" | "Channel"
            readonly id: string
          }
          readonly sensitivity?: "public" | "internal" | "confidential" | "restricted"
          readonly known: { readonly [name: string]: string | boolean | number | readonly string[] }
          readonly context: { readonly [name: string]: string | boolean | number | readonly string[] }
          readonly environmentClass?: "sandbox" | "staging" | "preproduction" | "production"
        }
        readonly expected: "allowed" | "denied"
        readonly decided: "allowed" | "denied"
        readonly policies: readonly string[]
        readonly holds: boolean
        readonly note: string | null
        readonly createdBy: string
        readonly createdAt: string | null
      }[]
    }
  }
  /** Take an example away: changes of rules are not held to it any more. No guardrail can forbid this. */
  readonly 'example:remove': {
    readonly input: {
      readonly example: string
      readonly reason: string
    }
    readonly output: {
      readonly example: string
    }
  }
  /** Give yourself a role at once, for at most an hour, when nobody can be waited for. Everybody who could have approved it is told; one of them reviews it. */
  readonly 'grant:break-glass': {
    readonly input: {
      readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "auditor"
      readonly scopeType?: "Organization" | "Project" | "Twin" | "Scenario" | "Asset" | "Artifact" | "Connection" | "Channel"
      readonly scope?: string
      readonly environments?: readonly string[]
      readonly minutes?: number
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly principal: string
      readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
      readonly actions: readonly string[]
      readonly customRole: string | null
      readonly scope: {
        readonly type: string
        readonly id: string
      }
      readonly environments: readonly string[]
      readonly notBefore: string | null
      readonly expiresAt: string | null
      readonly untilRun: string | null
      readonly untilBatch: string | null
      readonly untilEngagement: string | null
      readonly untilGuest: string | null
      readonly mapping: string | null
      readonly request: string | null
      readonly breakGlass: boolean
      readonly givenBy: string
      readonly revokedAt: string | null
      readonly reviewBy: string
    }
  }
  /** List uses of break-glass, newest first: your own, and those that you could review. */
  readonly 'grant:broken-glass': {
    readonly input: {
      readonly which?: "to_review" | "all"
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly person: string
        readonly personName: string
        readonly role: string
        readonly scope: {
          readonly type: string
          readonly id: string
        }
        readonly environments: readonly string[]
        readonly usedAt: string
        readonly expiresAt: string
        readonly endedAt: string | null
        readonly isLive: boolean
        readonly reason: string | null
        readonly overdue: boolean
        readonly review: {
          readonly verdict: "justified" | "not_justified"
          readonly by: string
          readonly byName: string
          readonly at: string
        } | null
      }[]
      readonly next: string | null
    }
  }
  /** Give a role or single actions to a person, workload or group: on a scope, in environments, from when to when, for a reason. */
  readonly 'grant:create': {
    readonly input: {
      readonly principal: string
      readonly role?: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
      readonly customRole?: string
      readonly actions?: readonly string[]
      readonly scopeType?: "Organization" | "Project" | "Twin" | "Scenario" | "Asset" | "Artifact" | "Connection" | "Channel"
      readonly scope?: string
      readonly environments?: readonly string[]
      readonly notBefore?: string
      readonly expiresAt?: string
      readonly untilRun?: string
      readonly untilBatch?: string
      readonly untilEngagement?: string
      readonly despite?: readonly string[]
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly principal: string
      readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
      readonly actions: readonly string[]
      readonly customRole: string | null
      readonly scope: {
        readonly type: string
        readonly id: string
      }
      readonly environments: readonly string[]
      readonly notBefore: string | null
      readonly expiresAt: string | null
      readonly untilRun: string | null
      readonly untilBatch: string | null
      readonly untilEngagement: string | null
      readonly untilGuest: string | null
      readonly mapping: string | null
      readonly request: string | null
      readonly breakGlass: boolean
      readonly givenBy: string
      readonly revokedAt: string | null
      readonly conflicts: readonly {
        readonly name: string
        readonly stops: boolean
        readonly holder: string
        readonly grant: string
      }[]
    }
  }
  /** List grants, with who gave them, why and until when. */
  readonly 'grant:list': {
    readonly input: {
      readonly limit?: number
      readonly after?: string
      readonly state?: "live" | "over"
      readonly principal?: string
      readonly scope?: string
      readonly role?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly principal: string
        readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
        readonly actions: readonly string[]
        readonly customRole: string | null
        readonly scope: {
          readonly type: string
          readonly id: string
        }
        readonly environments: readonly string[]
        readonly notBefore: string | null
        readonly expiresAt: string | null
        readonly untilRun: string | null
        readonly untilBatch: string | null
        readonly untilEngagement: string | null
        readonly untilGuest: string | null
        readonly mapping: string | null
        readonly request: string | null
        readonly breakGlass: boolean
        readonly givenBy: string
        readonly revokedAt: string | null
        readonly principalName: string | null
        readonly givenByName: string | null
        readonly createdAt: string | null
        readonly reason: string | null
      }[]
      readonly next: string | null
    }
  }
  /** Say what giving something would come to, without giving it: what of it is not yours to give, whether it takes another hand, and which duties it would bring together. */
  readonly 'grant:preview': {
    readonly input: {
      readonly principal: string
      readonly role?: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
      readonly customRole?: string
      readonly actions?: readonly string[]
      readonly scopeType?: "Organization" | "Project" | "Twin" | "Scenario" | "Asset" | "Artifact" | "Connection" | "Channel"
      readonly scope?: string
      readonly environments?: readonly string[]
      readonly notBefore?: string
      readonly expiresAt?: string
      readonly untilRun?: string
      readonly untilBatch?: string
      readonly untilEngagement?: string
      readonly despite?: readonly string[]
      readonly reason?: string
    }
    readonly output: {
      readonly missing: readonly string[]
      readonly otherHand: {
        readonly workloads: readonly string[]
        readonly stakes: readonly string[]
      } | null
      readonly conflicts: readonly {
        readonly name: string
        readonly stops: boolean
        readonly holder: string
        readonly grant: string
      }[]
    }
  }
  /** Review a use of break-glass, as somebody else who could have approved it. One that was not justified ends at once. */
  readonly 'grant:review': {
    readonly input: {
      readonly grant: string
      readonly verdict: "justified" | "not_justified"
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly person: string
      readonly personName: string
      readonly role: string
      readonly scope: {
        readonly type: string
        readonly id: string
      }
      readonly environments: readonly string[]
      readonly usedAt: string
      readonly expiresAt: string
      readonly endedAt: string | null
      readonly isLive: boolean
      readonly reason: string | null
      readonly overdue: boolean
      readonly review: {
        readonly verdict: "justified" | "not_justified"
        readonly by: string
        readonly byName: string
        readonly at: string
      } | null
    }
  }
  /** Take a grant away. When this returns, nothing is admitted under it any more. */
  readonly 'grant:revoke': {
    readonly input: {
      readonly grant: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly principal: string
      readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
      readonly actions: readonly string[]
      readonly customRole: string | null
      readonly scope: {
        readonly type: string
        readonly id: string
      }
      readonly environments: readonly string[]
      readonly notBefore: string | null
      readonly expiresAt: string | null
      readonly untilRun: string | null
      readonly untilBatch: string | null
      readonly untilEngagement: string | null
      readonly untilGuest: string | null
      readonly mapping: string | null
      readonly request: string | null
      readonly breakGlass: boolean
      readonly givenBy: string
      readonly revokedAt: string | null
    }
  }
  /** Show a grant: who gave it, why and until when, and the policy that it is decided by. */
  readonly 'grant:show': {
    readonly input: {
      readonly grant: string
    }
    readonly output: {
      readonly id: string
      readonly principal: string
      readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
      readonly actions: readonly string[]
      readonly customRole: string | null
      readonly scope: {
        readonly type: string
        readonly id: string
      }
      readonly environments: readonly string[]
      readonly notBefore: string | null
      readonly expiresAt: string | null
      readonly untilRun: string | null
      readonly untilBatch: string | null
      readonly untilEngagement: string | null
      readonly untilGuest: string | null
      readonly mapping: string | null
      readonly request: string | null
      readonly breakGlass: boolean
      readonly givenBy: string
      readonly revokedAt: string | null
      readonly principalName: string | null
      readonly givenByName: string | null
      readonly createdAt: string | null
      readonly reason: string | null
      readonly policy: string
    }
  }
  /** Put a person, a workload or a group into a group: it is given everything that the group holds, so it takes somebody who may give that. */
  readonly 'group:add': {
    readonly input: {
      readonly group: string
      readonly member: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly owner: string
      readonly members: readonly string[]
      readonly memberCount: number
    }
  }
  /** Make a group of people, workloads and other groups; it holds nothing until something is granted to it. */
  readonly 'group:create': {
    readonly input: {
      readonly slug: string
      readonly name: string
      readonly owner: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly owner: string
      readonly members: readonly string[]
      readonly memberCount: number
    }
  }
  /** List groups, with who and what is in them directly. */
  readonly 'group:list': {
    readonly input: {
      readonly limit?: number
      readonly after?: string
      readonly find?: string
      readonly brief?: string | boolean
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly slug: string
        readonly name: string
        readonly owner: string
        readonly members: readonly string[]
        readonly memberCount: number
        readonly ownerName: string | null
        readonly directory: {
          readonly id: string
          readonly name: string
        } | null
      }[]
      readonly next: string | null
    }
  }
  /** List who and what is in a group directly, page by page, by name and kind. */
  readonly 'group:members': {
    readonly input: {
      readonly group: string
      readonly limit?: number
      readonly after?: string
      readonly find?: string
      readonly kind?: "person" | "workload" | "group"
    }
    readonly output: {
      readonly items: readonly {
        readonly member: string
        readonly kind: "person" | "workload" | "group"
        readonly name: string
        readonly slug: string
        readonly state: string | null
        readonly since: string
        readonly said: boolean
      }[]
      readonly next: string | null
    }
  }
  /** Take a person, a workload or a group out of a group. When this returns, nothing is admitted through it any more. */
  readonly 'group:remove': {
    readonly input: {
      readonly group: string
      readonly member: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly owner: string
      readonly members: readonly string[]
      readonly memberCount: number
    }
  }
  /** Show a group: who answers for it, which directory says who is in it, how many are in it and which groups it is in. */
  readonly 'group:show': {
    readonly input: {
      readonly group: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly owner: string
      readonly memberCount: number
      readonly ownerName: string | null
      readonly directory: {
        readonly id: string
        readonly name: string
      } | null
      readonly createdAt: string
      readonly counts: {
        readonly people: number
        readonly workloads: number
        readonly groups: number
      }
      readonly everybody: number
      readonly within: readonly {
        readonly id: string
        readonly name: string
        readonly isDirect: boolean
      }[]
    }
  }
  /** Put a drafted guardrail into force, when every example holds. When this returns, nothing is admitted that it forbids. */
  readonly 'guardrail:activate': {
    readonly input: {
      readonly guardrail: string
      readonly reason: string
    }
    readonly output: {
      readonly guardrail: string
      readonly title: string
      readonly policy: string
      readonly environmentClasses: readonly ("sandbox" | "staging" | "preproduction" | "production")[]
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted" | null
      readonly state: "draft" | "active" | "retired"
      readonly version: number
      readonly inForce: string
      readonly createdBy: string
      readonly createdAt: string | null
      readonly activatedAt: string | null
      readonly retiredAt: string | null
    }
  }
  /** Change a guardrail. One that is in force stays so, when every example holds. */
  readonly 'guardrail:change': {
    readonly input: {
      readonly guardrail: string
      readonly reason: string
      readonly title?: string
      readonly policy?: string
      readonly environmentClasses?: readonly ("sandbox" | "staging" | "preproduction" | "production")[]
      readonly sensitivity?: "public" | "internal" | "confidential" | "restricted" | null
    }
    readonly output: {
      readonly guardrail: string
      readonly title: string
      readonly policy: string
      readonly environmentClasses: readonly ("sandbox" | "staging" | "preproduction" | "production")[]
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted" | null
      readonly state: "draft" | "active" | "retired"
      readonly version: number
      readonly inForce: string
      readonly createdBy: string
      readonly createdAt: string | null
      readonly activatedAt: string | null
      readonly retiredAt: string | null
    }
  }
  /** Draft a guardrail: one Cedar policy that forbids. It decides nothing until it is activated. */
  readonly 'guardrail:create': {
    readonly input: {
      readonly slug: string
      readonly title: string
      readonly policy: string
      readonly environmentClasses?: readonly ("sandbox" | "staging" | "preproduction" | "production")[]
      readonly sensitivity?: "public" | "internal" | "confidential" | "restricted"
      readonly reason: string
    }
    readonly output: {
      readonly guardrail: string
      readonly title: string
      readonly policy: string
      readonly environmentClasses: readonly ("sandbox" | "staging" | "preproduction" | "production")[]
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted" | null
      readonly state: "draft" | "active" | "retired"
      readonly version: number
      readonly inForce: string
      readonly createdBy: string
      readonly createdAt: string | null
      readonly activatedAt: string | null
      readonly retiredAt: string | null
    }
  }
  /** List the guardrails of the organization, and those that ship with the product. */
  readonly 'guardrail:list': {
    readonly input: {
      readonly state?: "draft" | "active" | "retired"
    }
    readonly output: {
      readonly items: readonly {
        readonly guardrail: string
        readonly title: string
        readonly policy: string
        readonly environmentClasses: readonly ("sandbox" | "staging" | "preproduction" | "production")[]
        readonly sensitivity: "public" | "internal" | "confidential" | "restricted" | null
        readonly state: "draft" | "active" | "retired"
        readonly version: number
        readonly inForce: string
        readonly createdBy: string
        readonly createdAt: string | null
        readonly activatedAt: string | null
        readonly retiredAt: string | null
      }[]
      readonly shipped: readonly {
        readonly id: string
        readonly policy: string
      }[]
    }
  }
  /** End a guardrail: it forbids nothing any more. No guardrail can forbid this. */
  readonly 'guardrail:retire': {
    readonly input: {
      readonly guardrail: string
      readonly reason: string
    }
    readonly output: {
      readonly guardrail: string
      readonly title: string
      readonly policy: string
      readonly environmentClasses: readonly ("sandbox" | "staging" | "preproduction" | "production")[]
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted" | null
      readonly state: "draft" | "active" | "retired"
      readonly version: number
      readonly inForce: string
      readonly createdBy: string
      readonly createdAt: string | null
      readonly activatedAt: string | null
      readonly retiredAt: string | null
    }
  }
  /** Show a guardrail: its policy, as it was written and as it is decided by. */
  readonly 'guardrail:show': {
    readonly input: {
      readonly guardrail: string
    }
    readonly output: {
      readonly guardrail: string
      readonly title: string
      readonly policy: string
      readonly environmentClasses: readonly ("sandbox" | "staging" | "preproduction" | "production")[]
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted" | null
      readonly state: "draft" | "active" | "retired"
      readonly version: number
      readonly inForce: string
      readonly createdBy: string
      readonly createdAt: string | null
      readonly activatedAt: string | null
      readonly retiredAt: string | null
    }
  }
  /** Say what a guardrail, or a change of it, would come to: what its examples say, and who could do what no more, or again. Nothing is changed. */
  readonly 'guardrail:try': {
    readonly input: {
      readonly guardrail: string
      readonly policy?: string
      readonly environmentClasses?: readonly ("sandbox" | "staging" | "preproduction" | "production")[]
      readonly sensitivity?: "public" | "internal" | "confidential" | "restricted" | null
    }
    readonly output: {
      readonly inForce: string
      readonly examples: readonly {
        readonly example: string
        readonly expected: "allowed" | "denied"
        readonly decided: "allowed" | "denied"
        readonly policies: readonly string[]
        readonly holds: boolean
      }[]
      readonly loses: readonly {
        readonly principal: string
        readonly name: string
        readonly action: string
        readonly scope: {
          readonly type: string
          readonly id: string
        }
        readonly environments: readonly string[]
        readonly from: string | null
        readonly through: string | null
      }[]
      readonly gains: readonly {
        readonly principal: string
        readonly name: string
        readonly action: string
        readonly scope: {
          readonly type: string
          readonly id: string
        }
        readonly environments: readonly string[]
        readonly from: string | null
        readonly through: string | null
      }[]
      readonly looksAt: readonly ("time" | "address" | "sign-in")[]
      readonly cut: boolean
    }
  }
  /** Answer for a guest from now on, as you were asked to. From then on the guest is let in. */
  readonly 'guest:accept': {
    readonly input: {
      readonly guest: string
    }
    readonly output: {
      readonly id: string
      readonly person: string
      readonly slug: string
      readonly name: string
      readonly sponsor: string
      readonly sponsorName: string | null
      readonly asked: string | null
      readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
      readonly projects: readonly string[]
      readonly environments: readonly string[]
      readonly until: string
      readonly state: "invited" | "active" | "paused" | "ended"
      readonly engagement: string | null
      readonly invitedBy: string
      readonly createdAt: string | null
      readonly endedAt: string | null
      readonly mine: boolean
    }
  }
  /** End an invitation. When this returns, nothing is admitted by it any more; with the last one, the person has left. */
  readonly 'guest:end': {
    readonly input: {
      readonly guest: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly person: string
      readonly slug: string
      readonly name: string
      readonly sponsor: string
      readonly sponsorName: string | null
      readonly asked: string | null
      readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
      readonly projects: readonly string[]
      readonly environments: readonly string[]
      readonly until: string
      readonly state: "invited" | "active" | "paused" | "ended"
      readonly engagement: string | null
      readonly invitedBy: string
      readonly createdAt: string | null
      readonly endedAt: string | null
      readonly mine: boolean
      readonly grants: number
      readonly runs: number
      readonly left: boolean
    }
  }
  /** Prolong the time of a guest that you answer for. Nobody else can. */
  readonly 'guest:extend': {
    readonly input: {
      readonly guest: string
      readonly until: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly person: string
      readonly slug: string
      readonly name: string
      readonly sponsor: string
      readonly sponsorName: string | null
      readonly asked: string | null
      readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
      readonly projects: readonly string[]
      readonly environments: readonly string[]
      readonly until: string
      readonly state: "invited" | "active" | "paused" | "ended"
      readonly engagement: string | null
      readonly invitedBy: string
      readonly createdAt: string | null
      readonly endedAt: string | null
      readonly mine: boolean
    }
  }
  /** Invite somebody from elsewhere into projects, in a role, until a day. Somebody here answers for the guest. */
  readonly 'guest:invite': {
    readonly input: {
      readonly name: string
      readonly slug: string
      readonly address: string
      readonly clearance?: "public" | "internal" | "confidential" | "restricted"
      readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "auditor"
      readonly projects: readonly string[]
      readonly environments?: readonly string[]
      readonly until: string
      readonly sponsor?: string
      readonly engagement?: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly person: string
      readonly slug: string
      readonly name: string
      readonly sponsor: string
      readonly sponsorName: string | null
      readonly asked: string | null
      readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
      readonly projects: readonly string[]
      readonly environments: readonly string[]
      readonly until: string
      readonly state: "invited" | "active" | "paused" | "ended"
      readonly engagement: string | null
      readonly invitedBy: string
      readonly createdAt: string | null
      readonly endedAt: string | null
      readonly mine: boolean
    }
  }
  /** List guests, with their sponsors and until when they are here. Those that you answer for without a role. */
  readonly 'guest:list': {
    readonly input: {
      readonly limit?: number
      readonly after?: string
      readonly mine?: string | boolean
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly person: string
        readonly slug: string
        readonly name: string
        readonly sponsor: string
        readonly sponsorName: string | null
        readonly asked: string | null
        readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
        readonly projects: readonly string[]
        readonly environments: readonly string[]
        readonly until: string
        readonly state: "invited" | "active" | "paused" | "ended"
        readonly engagement: string | null
        readonly invitedBy: string
        readonly createdAt: string | null
        readonly endedAt: string | null
        readonly mine: boolean
      }[]
      readonly next: string | null
    }
  }
  /** Show a guest: in which projects, in which role, until when, and who answers for it. */
  readonly 'guest:show': {
    readonly input: {
      readonly guest: string
    }
    readonly output: {
      readonly id: string
      readonly person: string
      readonly slug: string
      readonly name: string
      readonly sponsor: string
      readonly sponsorName: string | null
      readonly asked: string | null
      readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
      readonly projects: readonly string[]
      readonly environments: readonly string[]
      readonly until: string
      readonly state: "invited" | "active" | "paused" | "ended"
      readonly engagement: string | null
      readonly invitedBy: string
      readonly createdAt: string | null
      readonly endedAt: string | null
      readonly mine: boolean
    }
  }
  /** Ask somebody to answer for a guest from now on; that begins when it is accepted. */
  readonly 'guest:sponsor': {
    readonly input: {
      readonly guest: string
      readonly sponsor: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly person: string
      readonly slug: string
      readonly name: string
      readonly sponsor: string
      readonly sponsorName: string | null
      readonly asked: string | null
      readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
      readonly projects: readonly string[]
      readonly environments: readonly string[]
      readonly until: string
      readonly state: "invited" | "active" | "paused" | "ended"
      readonly engagement: string | null
      readonly invitedBy: string
      readonly createdAt: string | null
      readonly endedAt: string | null
      readonly mine: boolean
    }
  }
  /** List the signing keys: what each is for, and whether it signs, still verifies, or is retired. */
  readonly 'key:list': {
    readonly input: {
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly environment: string | null
        readonly purpose: "identity" | "provenance" | "checkpoint"
        readonly state: "active" | "retiring" | "retired"
        readonly publicJwk: Json
        readonly createdAt: string
      }[]
      readonly next: string | null
    }
  }
  /** Retire a key that was rotated: tokens and attestations that it signed verify no more, and it co-signs no checkpoint. */
  readonly 'key:retire': {
    readonly input: {
      readonly key: string
    }
    readonly output: {
      readonly key: string
      readonly purpose: string
    }
  }
  /** Make a new signing key of an environment, or of the log; what the old one signed goes on verifying until it is retired. */
  readonly 'key:rotate': {
    readonly input: {
      readonly purpose: "identity" | "provenance" | "checkpoint"
      readonly environment?: string
    }
    readonly output: {
      readonly key: string
      readonly retiring: readonly string[]
    }
  }
  /** Export entries of the ledger with a signed checkpoint, to be verified offline. */
  readonly 'ledger:export': {
    readonly input: {
      readonly from?: number
      readonly limit?: number
      readonly size?: number
    }
    readonly output: {
      readonly checkpoint: string
      readonly size: number
      readonly from: number
      readonly entries: readonly string[]
      readonly leaves: string
      readonly next: number | null
      readonly verifierKey: string
    }
  }
  /** List entries of the ledger, newest first: who did what on what, and what became of it; of one project, for whoever may see that alone. */
  readonly 'ledger:list': {
    readonly input: {
      readonly action?: string
      readonly principal?: string
      readonly resource?: string
      readonly outcome?: "done" | "denied" | "failed"
      readonly environment?: string
      readonly project?: string
      readonly since?: string
      readonly until?: string
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly index: number | null
        readonly at: string
        readonly action: string
        readonly outcome: "done" | "denied" | "failed"
        readonly code: string | null
        readonly actor: {
          readonly type: string
          readonly id: string
          readonly name: string | null
          readonly spiffe: string | null
        }
        readonly resource: {
          readonly type: string
          readonly id: string
          readonly name: string | null
        }
        readonly environment: {
          readonly id: string
          readonly class: "sandbox" | "staging" | "preproduction" | "production"
          readonly slug: string | null
        } | null
        readonly request: string
      }[]
      readonly next: string | null
    }
  }
  /** Prove that an entry is in the ledger: a C2SP tlog-proof that verifies offline. */
  readonly 'ledger:receipt': {
    readonly input: {
      readonly entry: string
    }
    readonly output: {
      readonly entry: string
      readonly index: number
      readonly body: string
      readonly receipt: string
      readonly origin: string
      readonly verifierKey: string
      readonly size: number
    }
  }
  /** Show an entry whole: its body, its texts as far as they are still there, its place in the log, what it leads to. */
  readonly 'ledger:show': {
    readonly input: {
      readonly entry: string
    }
    readonly output: {
      readonly id: string
      readonly index: number | null
      readonly at: string
      readonly action: string
      readonly outcome: "done" | "denied" | "failed"
      readonly code: string | null
      readonly actor: {
        readonly type: string
        readonly id: string
        readonly name: string | null
        readonly spiffe: string | null
      }
      readonly resource: {
        readonly type: string
        readonly id: string
        readonly name: string | null
      }
      readonly environment: {
        readonly id: string
        readonly class: "sandbox" | "staging" | "preproduction" | "production"
        readonly slug: string | null
      } | null
      readonly request: string
      readonly body: string
      readonly chain: readonly {
        readonly id: string
        readonly name: string | null
      }[]
      readonly credential: string | null
      readonly policies: readonly string[]
      readonly version: number | null
      readonly facts: Json
      readonly links: readonly {
        readonly rel: string
        readonly type: string
        readonly id: string
        readonly name: string | null
      }[]
      readonly texts: readonly {
        readonly name: string
        readonly commitment: string
        readonly content: string | null
        readonly salt: string | null
        readonly holds: boolean | null
      }[]
      readonly isProvable: boolean
    }
  }
  /** Read a hash tile of the log (C2SP tlog-tiles), to make proofs without us. */
  readonly 'ledger:tile': {
    readonly input: {
      readonly level: number
      readonly index: number
      readonly width?: number
    }
    readonly output: {
      readonly path: string
      readonly width: number
      readonly hashes: string
    }
  }
  /** Trace a thing through the ledger: grant, run, calls, artifact, review, crossing, fetch. */
  readonly 'ledger:trace': {
    readonly input: {
      readonly id: string
    }
    readonly output: {
      readonly id: string
      readonly entries: readonly {
        readonly id: string
        readonly index: number | null
        readonly at: string
        readonly action: string
        readonly outcome: string
        readonly code: string | null
        readonly actor: {
          readonly type: string
          readonly id: string
          readonly spiffe: string | null
        }
        readonly resource: {
          readonly type: string
          readonly id: string
        }
        readonly policies: readonly string[]
        readonly facts: Json
        readonly related: readonly {
          readonly rel: string
          readonly type: string
          readonly id: string
        }[]
      }[]
      readonly nodes: readonly {
        readonly kind: string
        readonly id: string
        readonly title: string
        readonly at: string
        readonly entry: string
        readonly state: string | null
      }[]
      readonly edges: readonly {
        readonly from: string
        readonly to: string
        readonly rel: string
        readonly outcome: "done" | "denied" | "failed"
        readonly count: number
        readonly entry: string
      }[]
      readonly truncated: boolean
      readonly cut: readonly ("entries" | "calls" | "further" | "nodes")[]
    }
  }
  /** Take into use what was set up by an admin link: people sign in through the connection, the directory is believed. The link ends. */
  readonly 'link:accept': {
    readonly input: {
      readonly link: string
      readonly seen: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly sso: string | null
      readonly directory: string | null
    }
  }
  /** Make a link with which a customer’s administrator sets up single sign-on and a directory, and sees nothing else; it is shown this once. */
  readonly 'link:create': {
    readonly input: {
      readonly name: string
      readonly purpose?: "sign-in" | "directory" | "both"
      readonly hours?: number
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly url: string
      readonly token: string
      readonly expiresAt: string
    }
  }
  /** List the admin links, newest first: whom each is for, what it set up, and whether that waits to be accepted. */
  readonly 'link:list': {
    readonly input: {
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly name: string
        readonly purpose: "sign-in" | "directory" | "both"
        readonly expiresAt: string
        readonly sso: string | null
        readonly directory: string | null
        readonly state: "open" | "accepted" | "revoked" | "expired"
        readonly waits: boolean
        readonly madeBy: string
        readonly createdAt: string
      }[]
      readonly next: string | null
    }
  }
  /** As an admin link: say what it is for, until when, and what it has set up. */
  readonly 'link:purpose': {
    readonly input: Record<string, never>
    readonly output: {
      readonly id: string
      readonly name: string
      readonly purpose: "sign-in" | "directory" | "both"
      readonly expiresAt: string
      readonly sso: string | null
      readonly directory: string | null
      readonly organization: {
        readonly id: string
        readonly name: string
      }
    }
  }
  /** End an admin link at once. What it set up stays proposed until it is accepted or retired. */
  readonly 'link:revoke': {
    readonly input: {
      readonly link: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly waits: boolean
    }
  }
  /** Show an admin link and what was set up by it and waits, with the digest by which that is accepted. */
  readonly 'link:show': {
    readonly input: {
      readonly link: string
    }
    readonly output: {
      readonly id: string
      readonly name: string
      readonly purpose: "sign-in" | "directory" | "both"
      readonly expiresAt: string
      readonly sso: string | null
      readonly directory: string | null
      readonly state: "open" | "accepted" | "revoked" | "expired"
      readonly waits: boolean
      readonly madeBy: string
      readonly createdAt: string
      readonly waiting: {
        readonly seen: string
        readonly sso: {
          readonly id: string
          readonly slug: string
          readonly name: string
          readonly protocol: "oidc" | "saml"
          readonly issuer: string
          readonly clientId: string | null
          readonly authentication: "secret" | "private_key_jwt" | "certificate"
          readonly publicJwk: string | null
          readonly saml: {
            readonly signInUrl: string
            readonly signOutUrl: string | null
            readonly certificates: readonly {
              readonly sha256: string
              readonly notBefore: string
              readonly notAfter: string
              readonly state: "good" | "ends_soon" | "over" | "not_yet"
            }[]
            readonly warning: string | null
            readonly idpInitiated: boolean
            readonly entityId: string
            readonly answerUrl: string
            readonly signOutAddress: string
            readonly ownCertificate: string
          } | null
          readonly provisions: boolean
          readonly clearance: "public" | "internal" | "confidential" | "restricted"
          readonly stepUpAcr: string | null
          readonly domains: readonly string[]
          readonly state: "proposed" | "active" | "retired"
          readonly createdAt: string
        } | null
        readonly directory: {
          readonly id: string
          readonly slug: string
          readonly name: string
          readonly owner: string
          readonly adopts: boolean
          readonly state: "proposed" | "active" | "retired"
          readonly createdAt: string
        } | null
      } | null
    }
  }
  /** Change whom a mapping speaks of, or what it gives. What it gives no more ends before this returns. */
  readonly 'mapping:change': {
    readonly input: {
      readonly mapping: string
      readonly title?: string
      readonly group?: string
      readonly when?: readonly {
        readonly attribute: "title" | "userType" | "department" | "division" | "costCenter" | "organization"
        readonly oneOf: readonly string[]
      }[]
      readonly directory?: string
      readonly position?: string
      readonly gives?: readonly {
        readonly role?: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
        readonly customRole?: string
        readonly scopeType?: "Organization" | "Project" | "Twin" | "Scenario" | "Asset" | "Artifact" | "Connection" | "Channel"
        readonly scope?: string
        readonly environments?: readonly string[]
      }[]
      readonly expiresAt?: string
      readonly despite?: readonly string[]
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly title: string
      readonly source: {
        readonly kind: "group"
        readonly group: string
        readonly name: string | null
        readonly directory: string | null
      } | {
        readonly kind: "attributes"
        readonly when: readonly {
          readonly attribute: "title" | "userType" | "department" | "division" | "costCenter" | "organization"
          readonly oneOf: readonly string[]
        }[]
        readonly directory: string | null
      }
      readonly position: string | null
      readonly gives: readonly {
        readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
        readonly customRole: string | null
        readonly scope: {
          readonly type: string
          readonly id: string
        }
        readonly environments: readonly string[]
      }[]
      readonly expiresAt: string | null
      readonly state: "active" | "retired"
      readonly version: number
      readonly createdBy: string
      readonly createdAt: string | null
      readonly retiredAt: string | null
      readonly made: number
      readonly ended: number
      readonly runs: number
    }
  }
  /** Give roles to whoever is in a group, or is said to be something by a directory, for as long as that is so. */
  readonly 'mapping:create': {
    readonly input: {
      readonly slug: string
      readonly title: string
      readonly group?: string
      readonly when?: readonly {
        readonly attribute: "title" | "userType" | "department" | "division" | "costCenter" | "organization"
        readonly oneOf: readonly string[]
      }[]
      readonly directory?: string
      readonly position?: string
      readonly gives?: readonly {
        readonly role?: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
        readonly customRole?: string
        readonly scopeType?: "Organization" | "Project" | "Twin" | "Scenario" | "Asset" | "Artifact" | "Connection" | "Channel"
        readonly scope?: string
        readonly environments?: readonly string[]
      }[]
      readonly expiresAt?: string
      readonly despite?: readonly string[]
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly title: string
      readonly source: {
        readonly kind: "group"
        readonly group: string
        readonly name: string | null
        readonly directory: string | null
      } | {
        readonly kind: "attributes"
        readonly when: readonly {
          readonly attribute: "title" | "userType" | "department" | "division" | "costCenter" | "organization"
          readonly oneOf: readonly string[]
        }[]
        readonly directory: string | null
      }
      readonly position: string | null
      readonly gives: readonly {
        readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
        readonly customRole: string | null
        readonly scope: {
          readonly type: string
          readonly id: string
        }
        readonly environments: readonly string[]
      }[]
      readonly expiresAt: string | null
      readonly state: "active" | "retired"
      readonly version: number
      readonly createdBy: string
      readonly createdAt: string | null
      readonly retiredAt: string | null
      readonly made: number
      readonly ended: number
      readonly runs: number
    }
  }
  /** List mappings: who is given what for being in a group, or for what a directory says of him. */
  readonly 'mapping:list': {
    readonly input: {
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly slug: string
        readonly title: string
        readonly source: {
          readonly kind: "group"
          readonly group: string
          readonly name: string | null
          readonly directory: string | null
        } | {
          readonly kind: "attributes"
          readonly when: readonly {
            readonly attribute: "title" | "userType" | "department" | "division" | "costCenter" | "organization"
            readonly oneOf: readonly string[]
          }[]
          readonly directory: string | null
        }
        readonly position: string | null
        readonly gives: readonly {
          readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
          readonly customRole: string | null
          readonly scope: {
            readonly type: string
            readonly id: string
          }
          readonly environments: readonly string[]
        }[]
        readonly expiresAt: string | null
        readonly state: "active" | "retired"
        readonly version: number
        readonly createdBy: string
        readonly createdAt: string | null
        readonly retiredAt: string | null
      }[]
      readonly next: string | null
    }
  }
  /** Say who would gain and who would lose what by a mapping, a change of one or its end, without making it. */
  readonly 'mapping:preview': {
    readonly input: {
      readonly mapping?: string
      readonly retire?: boolean
      readonly group?: string
      readonly when?: readonly {
        readonly attribute: "title" | "userType" | "department" | "division" | "costCenter" | "organization"
        readonly oneOf: readonly string[]
      }[]
      readonly directory?: string
      readonly position?: string
      readonly gives?: readonly {
        readonly role?: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
        readonly customRole?: string
        readonly scopeType?: "Organization" | "Project" | "Twin" | "Scenario" | "Asset" | "Artifact" | "Connection" | "Channel"
        readonly scope?: string
        readonly environments?: readonly string[]
      }[]
      readonly expiresAt?: string
    }
    readonly output: {
      readonly gains: readonly {
        readonly principal: string
        readonly name: string | null
        readonly term: {
          readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
          readonly customRole: string | null
          readonly scope: {
            readonly type: string
            readonly id: string
          }
          readonly environments: readonly string[]
        }
      }[]
      readonly loses: readonly {
        readonly principal: string
        readonly name: string | null
        readonly term: {
          readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
          readonly customRole: string | null
          readonly scope: {
            readonly type: string
            readonly id: string
          }
          readonly environments: readonly string[]
        }
        readonly grant: string
      }[]
      readonly counts: {
        readonly gain: number
        readonly lose: number
      }
      readonly missing: readonly string[]
      readonly conflicts: readonly {
        readonly name: string
        readonly stops: boolean
        readonly holder: string
        readonly holderName: string | null
        readonly grant: string
      }[]
      readonly runs: number
      readonly truncated: boolean
    }
  }
  /** End a mapping and every grant that came by it. When this returns, nothing is admitted under them any more. */
  readonly 'mapping:retire': {
    readonly input: {
      readonly mapping: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly title: string
      readonly source: {
        readonly kind: "group"
        readonly group: string
        readonly name: string | null
        readonly directory: string | null
      } | {
        readonly kind: "attributes"
        readonly when: readonly {
          readonly attribute: "title" | "userType" | "department" | "division" | "costCenter" | "organization"
          readonly oneOf: readonly string[]
        }[]
        readonly directory: string | null
      }
      readonly position: string | null
      readonly gives: readonly {
        readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
        readonly customRole: string | null
        readonly scope: {
          readonly type: string
          readonly id: string
        }
        readonly environments: readonly string[]
      }[]
      readonly expiresAt: string | null
      readonly state: "active" | "retired"
      readonly version: number
      readonly createdBy: string
      readonly createdAt: string | null
      readonly retiredAt: string | null
      readonly made: number
      readonly ended: number
      readonly runs: number
    }
  }
  /** Show a mapping: who holds what by it, and who was not given it. */
  readonly 'mapping:show': {
    readonly input: {
      readonly mapping: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly title: string
      readonly source: {
        readonly kind: "group"
        readonly group: string
        readonly name: string | null
        readonly directory: string | null
      } | {
        readonly kind: "attributes"
        readonly when: readonly {
          readonly attribute: "title" | "userType" | "department" | "division" | "costCenter" | "organization"
          readonly oneOf: readonly string[]
        }[]
        readonly directory: string | null
      }
      readonly position: string | null
      readonly gives: readonly {
        readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
        readonly customRole: string | null
        readonly scope: {
          readonly type: string
          readonly id: string
        }
        readonly environments: readonly string[]
      }[]
      readonly expiresAt: string | null
      readonly state: "active" | "retired"
      readonly version: number
      readonly createdBy: string
      readonly createdAt: string | null
      readonly retiredAt: string | null
      readonly grants: number
      readonly holders: readonly {
        readonly principal: string
        readonly name: string | null
        readonly grants: readonly string[]
      }[]
      readonly withheld: readonly {
        readonly principal: string
        readonly name: string | null
        readonly term: {
          readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
          readonly customRole: string | null
          readonly scope: {
            readonly type: string
            readonly id: string
          }
          readonly environments: readonly string[]
        }
      }[]
    }
  }
  /** Change the organization’s name, how long sessions last by role, how long requests or a deletion wait; sessions that are open become shorter at once. */
  readonly 'organization:change-settings': {
    readonly input: {
      readonly name?: string
      readonly sessions?: readonly {
        readonly role: "everybody" | "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
        readonly idleMinutes: number
        readonly absoluteMinutes: number
      }[]
      readonly deletionGraceDays?: number
      readonly deliveryDays?: number
      readonly requestOpenMinutes?: number
      readonly requestMinutes?: number
      readonly reason: string
    }
    readonly output: {
      readonly organization: {
        readonly id: string
        readonly slug: string
        readonly name: string
      }
      readonly sessions: readonly {
        readonly role: "everybody" | "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
        readonly idleMinutes: number
        readonly absoluteMinutes: number
        readonly isOwn: boolean
      }[]
      readonly stepUpMinutes: number
      readonly requireSso: boolean
      readonly deletionGraceDays: number
      readonly deliveryDays: number
      readonly requestOpenMinutes: number
      readonly requestMinutes: number
      readonly deletion: {
        readonly state: "asked" | "confirmed"
        readonly askedBy: string
        readonly askedAt: string
        readonly confirmedBy: string | null
        readonly dueAt: string | null
      } | null
      readonly sessionsShortened: number
    }
  }
  /** Confirm that this organization is to be deleted, as another administrator: live runs and tokens end, and the grace begins. */
  readonly 'organization:confirm-deletion': {
    readonly input: {
      readonly slug: string
      readonly reason: string
    }
    readonly output: {
      readonly organization: string
      readonly state: "asked" | "confirmed"
      readonly askedBy: string
      readonly confirmedBy: string | null
      readonly dueAt: string | null
      readonly runs: number
      readonly tokens: number
    }
  }
  /** Ask for this organization to be deleted: nothing happens until another administrator confirms it. */
  readonly 'organization:delete': {
    readonly input: {
      readonly slug: string
      readonly reason: string
    }
    readonly output: {
      readonly organization: string
      readonly state: "asked" | "confirmed"
      readonly askedBy: string
      readonly confirmedBy: string | null
      readonly dueAt: string | null
    }
  }
  /** Export what is kept of this organization, page by page and without any secret: its rows; its ledger goes by `ledger:export`. */
  readonly 'organization:export': {
    readonly input: {
      readonly after?: string
      readonly limit?: number
    }
    readonly output: {
      readonly format: "twinlock-organization-v1"
      readonly organization: string
      readonly at: string
      readonly rows: readonly {
        readonly table: string
        readonly row: { readonly [name: string]: Json }
      }[]
      readonly next: string | null
    }
  }
  /** Keep this organization although its deletion was asked for, or confirmed; what ended meanwhile stays ended. */
  readonly 'organization:keep': {
    readonly input: {
      readonly reason: string
    }
    readonly output: {
      readonly organization: string
      readonly kept: true
    }
  }
  /** Require that everybody, guests included, signs in through the organization’s provider; other sessions and links end at once. */
  readonly 'organization:require-sso': {
    readonly input: {
      readonly required: boolean
      readonly reason: string
    }
    readonly output: {
      readonly organization: string
      readonly requireSso: boolean
      readonly stepUpMinutes: number
      readonly sessions: number
      readonly links: number
    }
  }
  /** Show what the organization set for itself: how long sessions last by role, how signing in goes, how long requests and a deletion wait. */
  readonly 'organization:settings': {
    readonly input: Record<string, never>
    readonly output: {
      readonly organization: {
        readonly id: string
        readonly slug: string
        readonly name: string
      }
      readonly sessions: readonly {
        readonly role: "everybody" | "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
        readonly idleMinutes: number
        readonly absoluteMinutes: number
        readonly isOwn: boolean
      }[]
      readonly stepUpMinutes: number
      readonly requireSso: boolean
      readonly deletionGraceDays: number
      readonly deliveryDays: number
      readonly requestOpenMinutes: number
      readonly requestMinutes: number
      readonly deletion: {
        readonly state: "asked" | "confirmed"
        readonly askedBy: string
        readonly askedAt: string
        readonly confirmedBy: string | null
        readonly dueAt: string | null
      } | null
    }
  }
  /** Show how people sign in to the organization: whether its provider is required, and how long a sign-in counts as fresh. */
  readonly 'organization:sign-in': {
    readonly input: Record<string, never>
    readonly output: {
      readonly organization: string
      readonly requireSso: boolean
      readonly stepUpMinutes: number
    }
  }
  /** Say how many minutes a sign-in counts as fresh for what cannot be taken back: approving, crossing, changes of who signs in how. */
  readonly 'organization:step-up': {
    readonly input: {
      readonly minutes: number
    }
    readonly output: {
      readonly organization: string
      readonly requireSso: boolean
      readonly stepUpMinutes: number
    }
  }
  /** Accept things that were offered to you: you answer for them from now on, and what stood still goes on. */
  readonly 'ownership:accept': {
    readonly input: {
      readonly things: readonly string[]
    }
    readonly output: {
      readonly accepted: readonly {
        readonly id: string
        readonly kind: "project" | "environment" | "twin" | "scenario" | "asset" | "connection" | "pipeline" | "agent" | "service" | "channel" | "group" | "directory"
        readonly resumed: boolean
      }[]
    }
  }
  /** Decline things that were offered to you; whoever answers for them goes on to, and whoever offered them is told. */
  readonly 'ownership:decline': {
    readonly input: {
      readonly things: readonly string[]
      readonly reason: string
    }
    readonly output: {
      readonly declined: readonly {
        readonly id: string
        readonly kind: "project" | "environment" | "twin" | "scenario" | "asset" | "connection" | "pipeline" | "agent" | "service" | "channel" | "group" | "directory"
      }[]
    }
  }
  /** List the groups that answer where owners are gone, of the organization and of its projects. */
  readonly 'ownership:fallbacks': {
    readonly input: Record<string, never>
    readonly output: {
      readonly items: readonly {
        readonly scope: "project" | "organization"
        readonly project: {
          readonly id: string
          readonly name: string
        } | null
        readonly group: {
          readonly id: string
          readonly name: string
        }
      }[]
    }
  }
  /** List standing things with their owners: of a person, offered to a person, or those whose owner has left. One’s own without a role. */
  readonly 'ownership:list': {
    readonly input: {
      readonly person?: string
      readonly offeredTo?: string
      readonly orphans?: string | boolean
      readonly kind?: "project" | "environment" | "twin" | "scenario" | "asset" | "connection" | "pipeline" | "agent" | "service" | "channel" | "group" | "directory"
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly kind: "project" | "environment" | "twin" | "scenario" | "asset" | "connection" | "pipeline" | "agent" | "service" | "channel" | "group" | "directory"
        readonly name: string
        readonly project: string | null
        readonly owner: {
          readonly id: string
          readonly name: string
          readonly state: "active" | "left"
        }
        readonly isOrphan: boolean
        readonly since: string | null
        readonly through: string | null
        readonly stops: string
        readonly fallback: {
          readonly kind: "group" | "administrators"
          readonly id: string | null
          readonly name: string
          readonly scope: "project" | "organization"
        }
        readonly offer: {
          readonly to: {
            readonly id: string
            readonly name: string
          }
          readonly by: {
            readonly id: string
            readonly name: string
          }
          readonly at: string
          readonly reason: string | null
        } | null
        readonly declined: {
          readonly by: {
            readonly id: string
            readonly name: string
          }
          readonly at: string
          readonly reason: string | null
          readonly hasLeft: boolean
        } | null
      }[]
      readonly next: string | null
    }
  }
  /** Offer things to somebody, who is asked to accept; until then whoever answers for them goes on to. */
  readonly 'ownership:offer': {
    readonly input: {
      readonly things: readonly string[]
      readonly to: string
      readonly reason: string
    }
    readonly output: {
      readonly to: string
      readonly offered: readonly {
        readonly id: string
        readonly kind: "project" | "environment" | "twin" | "scenario" | "asset" | "connection" | "pipeline" | "agent" | "service" | "channel" | "group" | "directory"
      }[]
      readonly until: "accepted"
    }
  }
  /** Say which group answers for what lies in a project, or in the organization, when its owner is gone; without one, the administrators do. */
  readonly 'ownership:set-fallback': {
    readonly input: {
      readonly project?: string
      readonly group: string | null
      readonly reason: string
    }
    readonly output: {
      readonly scope: "project" | "organization"
      readonly project: string | null
      readonly group: string | null
    }
  }
  /** Take offers of things back before they are decided. */
  readonly 'ownership:withdraw': {
    readonly input: {
      readonly things: readonly string[]
      readonly reason: string
    }
    readonly output: {
      readonly withdrawn: readonly {
        readonly id: string
        readonly kind: "project" | "environment" | "twin" | "scenario" | "asset" | "connection" | "pipeline" | "agent" | "service" | "channel" | "group" | "directory"
      }[]
    }
  }
  /** Add a passkey of one’s own, made by the device for what was offered. */
  readonly 'passkey:add': {
    readonly input: {
      readonly name: string
      readonly state: string
      readonly answer: {
        readonly id: string
        readonly clientDataJSON: string
        readonly attestationObject: string
        readonly transports?: readonly string[]
      }
    }
    readonly output: {
      readonly id: string
      readonly person: string
      readonly name: string
      readonly synced: boolean
      readonly state: "active" | "suspended"
      readonly createdAt: string
      readonly usedAt: string | null
    }
  }
  /** Begin to make a passkey: what a browser asks its device for, good for five minutes in this session. */
  readonly 'passkey:offer': {
    readonly input: Record<string, never>
    readonly output: {
      readonly challenge: string
      readonly rpId: string
      readonly user: {
        readonly id: string
        readonly name: string
        readonly displayName: string
      }
      readonly exclude: readonly string[]
      readonly state: string
    }
  }
  /** Remove a passkey of one’s own, or of anybody by an administrator; the sessions that it opened end. */
  readonly 'passkey:remove': {
    readonly input: {
      readonly passkey: string
    }
    readonly output: {
      readonly id: string
      readonly sessions: number
    }
  }
  /** Give a passkey of one’s own another name. */
  readonly 'passkey:rename': {
    readonly input: {
      readonly passkey: string
      readonly name: string
    }
    readonly output: {
      readonly id: string
      readonly person: string
      readonly name: string
      readonly synced: boolean
      readonly state: "active" | "suspended"
      readonly createdAt: string
      readonly usedAt: string | null
    }
  }
  /** Make a one-time link for a person although the organization requires its provider: for when that is down. Every administrator sees it. */
  readonly 'person:break-glass': {
    readonly input: {
      readonly person: string
      readonly reason: string
    }
    readonly output: {
      readonly person: string
      readonly token: string
      readonly expiresAt: string
    }
  }
  /** Change what a person is called, or cleared for. Nobody clears somebody for more than he is cleared for himself. */
  readonly 'person:change': {
    readonly input: {
      readonly person: string
      readonly name?: string
      readonly clearance?: "public" | "internal" | "confidential" | "restricted"
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly clearance: "public" | "internal" | "confidential" | "restricted"
      readonly state: "active" | "left"
    }
  }
  /** Give a person another address, unless a directory says it. Nobody loses anything by that, and nobody is found by it who came in before. */
  readonly 'person:change-address': {
    readonly input: {
      readonly person: string
      readonly email: string
      readonly letsProviderIn?: boolean
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly clearance: "public" | "internal" | "confidential" | "restricted"
      readonly state: "active" | "left"
    }
  }
  /** Add a person, who holds nothing until something is granted. */
  readonly 'person:create': {
    readonly input: {
      readonly slug: string
      readonly name: string
      readonly email: string
      readonly clearance?: "public" | "internal" | "confidential" | "restricted"
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly clearance: "public" | "internal" | "confidential" | "restricted"
      readonly state: "active" | "left"
    }
  }
  /** Erase who a person was that has left: name, address, what was said of him. The ledger stays whole, and names nobody. */
  readonly 'person:erase': {
    readonly input: {
      readonly person: string
      readonly reason: string
    }
    readonly output: {
      readonly person: string
      readonly texts: number
      readonly documents: number
      readonly addresses: number
      readonly identities: number
    }
  }
  /** Offer everything that a person owns, or some kinds of it, to somebody else in one act; what a leaver owns stands still until it is accepted. */
  readonly 'person:hand-over': {
    readonly input: {
      readonly from: string
      readonly to: string
      readonly kinds?: readonly ("project" | "environment" | "twin" | "scenario" | "asset" | "connection" | "pipeline" | "agent" | "service" | "channel" | "group" | "directory")[]
      readonly reason: string
    }
    readonly output: {
      readonly from: string
      readonly to: string
      readonly offered: readonly {
        readonly id: string
        readonly kind: "project" | "environment" | "twin" | "scenario" | "asset" | "connection" | "pipeline" | "agent" | "service" | "channel" | "group" | "directory"
      }[]
      readonly left: number
    }
  }
  /** Show the checklist of a person’s leaving: what would end and be handed over, or what became of it, with a read-back of what still counts. */
  readonly 'person:leaving': {
    readonly input: {
      readonly person: string
    }
    readonly output: {
      readonly person: {
        readonly id: string
        readonly slug: string
        readonly name: string
        readonly state: "active" | "left"
      }
      readonly phase: "here" | "left"
      readonly leftAt: string | null
      readonly because: string | null
      readonly lines: readonly {
        readonly what: string
        readonly title: string
        readonly outcome: "would_end" | "would_stop" | "would_be_taken_back" | "to_hand_over" | "ended" | "stopped" | "taken_back" | "handed_over" | "nothing_found" | "still_there"
        readonly count: number
        readonly remaining: number
      }[]
      readonly ownership: readonly {
        readonly kind: "project" | "environment" | "twin" | "scenario" | "asset" | "connection" | "pipeline" | "agent" | "service" | "channel" | "group" | "directory"
        readonly outcome: "would_end" | "would_stop" | "would_be_taken_back" | "to_hand_over" | "ended" | "stopped" | "taken_back" | "handed_over" | "nothing_found" | "still_there"
        readonly count: number
        readonly offered: number
        readonly handedOver: number
        readonly stops: string
      }[]
      readonly readBack: {
        readonly at: string
        readonly found: number
        readonly isDone: boolean
        readonly toHandOver: number
      }
    }
  }
  /** Make a one-time sign-in link for a person, good for ten minutes. */
  readonly 'person:link': {
    readonly input: {
      readonly person: string
    }
    readonly output: {
      readonly person: string
      readonly token: string
      readonly expiresAt: string
    }
  }
  /** List the people of the organization: by name, whether they are here, guests or not, in a group, in a position. */
  readonly 'person:list': {
    readonly input: {
      readonly limit?: number
      readonly after?: string
      readonly find?: string
      readonly state?: "active" | "left"
      readonly kind?: "member" | "guest"
      readonly group?: string
      readonly position?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly slug: string
        readonly name: string
        readonly clearance: "public" | "internal" | "confidential" | "restricted"
        readonly state: "active" | "left"
        readonly kind: "member" | "guest"
        readonly since: string
        readonly leftAt: string | null
      }[]
      readonly next: string | null
    }
  }
  /** End what a person holds: sessions, links, grants and the live runs that he operates. */
  readonly 'person:offboard': {
    readonly input: {
      readonly person: string
    }
    readonly output: {
      readonly person: string
      readonly ended: { readonly [name: string]: number }
    }
  }
  /** List the passkeys of a person, and how many of his recovery codes are unused. One’s own without a role. */
  readonly 'person:passkeys': {
    readonly input: {
      readonly person: string
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly person: string
        readonly name: string
        readonly synced: boolean
        readonly state: "active" | "suspended"
        readonly createdAt: string
        readonly usedAt: string | null
      }[]
      readonly next: string | null
      readonly recoveryCodes: number
      readonly possible: boolean
    }
  }
  /** Make ten recovery codes of one’s own, shown this once; those before end. */
  readonly 'person:recovery-codes': {
    readonly input: Record<string, never>
    readonly output: {
      readonly codes: readonly string[]
      readonly ended: number
    }
  }
  /** List the live sessions of a person: device, place, when last used, until when. One’s own without a role. */
  readonly 'person:sessions': {
    readonly input: {
      readonly person: string
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly person: string
        readonly here: boolean
        readonly device: string
        readonly address: string | null
        readonly family: string
        readonly network: "this_machine" | "private_network" | "internet" | "unknown"
        readonly place: string | null
        readonly via: "link" | "break_glass" | "sso" | "passkey" | "recovery"
        readonly sso: string | null
        readonly acr: string | null
        readonly authenticatedAt: string | null
        readonly createdAt: string
        readonly lastUsedAt: string
        readonly expiresAt: string
        readonly idleSeconds: number
      }[]
      readonly next: string | null
    }
  }
  /** Show a person: what a directory says of him, the groups that he is in, what he holds and through what, his invitations. */
  readonly 'person:show': {
    readonly input: {
      readonly person: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly clearance: "public" | "internal" | "confidential" | "restricted"
      readonly state: "active" | "left"
      readonly kind: "member" | "guest"
      readonly since: string
      readonly leftAt: string | null
      readonly address: string
      readonly said: {
        readonly id: string
        readonly name: string
        readonly attributes: readonly {
          readonly attribute: "title" | "userType" | "department" | "division" | "costCenter" | "organization"
          readonly value: string
        }[]
      } | null
      readonly groups: readonly {
        readonly id: string
        readonly name: string
        readonly isDirect: boolean
        readonly directory: string | null
      }[]
      readonly holds: readonly {
        readonly grant: string
        readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
        readonly customRole: string | null
        readonly actions: readonly string[]
        readonly scope: {
          readonly type: string
          readonly id: string
        }
        readonly environments: readonly string[]
        readonly notBefore: string | null
        readonly expiresAt: string | null
        readonly through: {
          readonly id: string
          readonly name: string
        } | null
        readonly mapping: {
          readonly id: string
          readonly name: string
          readonly position: string | null
        } | null
        readonly invitation: string | null
      }[]
      readonly invitations: readonly {
        readonly id: string
        readonly person: string
        readonly slug: string
        readonly name: string
        readonly sponsor: string
        readonly sponsorName: string | null
        readonly asked: string | null
        readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
        readonly projects: readonly string[]
        readonly environments: readonly string[]
        readonly until: string
        readonly state: "invited" | "active" | "paused" | "ended"
        readonly engagement: string | null
        readonly invitedBy: string
        readonly createdAt: string | null
        readonly endedAt: string | null
        readonly mine: boolean
      }[]
      readonly because: string | null
      readonly truncated: boolean
    }
  }
  /** Change what a position stands for, for everybody who holds it by a mapping. What it gives no more ends before this returns. */
  readonly 'position:change': {
    readonly input: {
      readonly position: string
      readonly title?: string
      readonly gives?: readonly {
        readonly role?: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
        readonly customRole?: string
        readonly scopeType?: "Organization" | "Project" | "Twin" | "Scenario" | "Asset" | "Artifact" | "Connection" | "Channel"
        readonly scope?: string
        readonly environments?: readonly string[]
      }[]
      readonly despite?: readonly string[]
      readonly reason: string
    }
    readonly output: {
      readonly position: string
      readonly title: string
      readonly gives: readonly {
        readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
        readonly customRole: string | null
        readonly scope: {
          readonly type: string
          readonly id: string
        }
        readonly environments: readonly string[]
      }[]
      readonly state: "active" | "retired"
      readonly version: number
      readonly createdBy: string
      readonly createdAt: string | null
      readonly retiredAt: string | null
      readonly made: number
      readonly ended: number
      readonly runs: number
    }
  }
  /** Name a set of roles on scopes after what somebody does here. It gives nothing until a mapping gives it. */
  readonly 'position:create': {
    readonly input: {
      readonly slug: string
      readonly title: string
      readonly gives: readonly {
        readonly role?: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
        readonly customRole?: string
        readonly scopeType?: "Organization" | "Project" | "Twin" | "Scenario" | "Asset" | "Artifact" | "Connection" | "Channel"
        readonly scope?: string
        readonly environments?: readonly string[]
      }[]
      readonly reason: string
    }
    readonly output: {
      readonly position: string
      readonly title: string
      readonly gives: readonly {
        readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
        readonly customRole: string | null
        readonly scope: {
          readonly type: string
          readonly id: string
        }
        readonly environments: readonly string[]
      }[]
      readonly state: "active" | "retired"
      readonly version: number
      readonly createdBy: string
      readonly createdAt: string | null
      readonly retiredAt: string | null
    }
  }
  /** List the positions of the organization, and what each stands for. */
  readonly 'position:list': {
    readonly input: Record<string, never>
    readonly output: {
      readonly items: readonly {
        readonly position: string
        readonly title: string
        readonly gives: readonly {
          readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
          readonly customRole: string | null
          readonly scope: {
            readonly type: string
            readonly id: string
          }
          readonly environments: readonly string[]
        }[]
        readonly state: "active" | "retired"
        readonly version: number
        readonly createdBy: string
        readonly createdAt: string | null
        readonly retiredAt: string | null
      }[]
    }
  }
  /** Say who would gain and who would lose what by a change of a position, without changing it. */
  readonly 'position:preview': {
    readonly input: {
      readonly position: string
      readonly gives: readonly {
        readonly role?: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
        readonly customRole?: string
        readonly scopeType?: "Organization" | "Project" | "Twin" | "Scenario" | "Asset" | "Artifact" | "Connection" | "Channel"
        readonly scope?: string
        readonly environments?: readonly string[]
      }[]
    }
    readonly output: {
      readonly gains: readonly {
        readonly principal: string
        readonly name: string | null
        readonly term: {
          readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
          readonly customRole: string | null
          readonly scope: {
            readonly type: string
            readonly id: string
          }
          readonly environments: readonly string[]
        }
      }[]
      readonly loses: readonly {
        readonly principal: string
        readonly name: string | null
        readonly term: {
          readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
          readonly customRole: string | null
          readonly scope: {
            readonly type: string
            readonly id: string
          }
          readonly environments: readonly string[]
        }
        readonly grant: string
      }[]
      readonly counts: {
        readonly gain: number
        readonly lose: number
      }
      readonly missing: readonly string[]
      readonly conflicts: readonly {
        readonly name: string
        readonly stops: boolean
        readonly holder: string
        readonly holderName: string | null
        readonly grant: string
      }[]
      readonly runs: number
      readonly truncated: boolean
    }
  }
  /** End a position that no mapping gives any more. */
  readonly 'position:retire': {
    readonly input: {
      readonly position: string
      readonly reason: string
    }
    readonly output: {
      readonly position: string
      readonly title: string
      readonly gives: readonly {
        readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
        readonly customRole: string | null
        readonly scope: {
          readonly type: string
          readonly id: string
        }
        readonly environments: readonly string[]
      }[]
      readonly state: "active" | "retired"
      readonly version: number
      readonly createdBy: string
      readonly createdAt: string | null
      readonly retiredAt: string | null
    }
  }
  /** Show a position, and the mappings that give it. */
  readonly 'position:show': {
    readonly input: {
      readonly position: string
    }
    readonly output: {
      readonly position: string
      readonly title: string
      readonly gives: readonly {
        readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
        readonly customRole: string | null
        readonly scope: {
          readonly type: string
          readonly id: string
        }
        readonly environments: readonly string[]
      }[]
      readonly state: "active" | "retired"
      readonly version: number
      readonly createdBy: string
      readonly createdAt: string | null
      readonly retiredAt: string | null
      readonly mappings: readonly string[]
    }
  }
  /** Create a project: a folder of twins that grants are scoped to. */
  readonly 'project:create': {
    readonly input: {
      readonly slug: string
      readonly name: string
      readonly owner: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly owner: string
    }
  }
  /** List projects. */
  readonly 'project:list': {
    readonly input: {
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly slug: string
        readonly name: string
        readonly owner: string
      }[]
      readonly next: string | null
    }
  }
  /** Show a project: its owner and how many twins it holds. */
  readonly 'project:show': {
    readonly input: {
      readonly project: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly owner: string
      readonly twins: number
    }
  }
  /** Approve a promotion, as somebody who had no hand in it. */
  readonly 'promotion:approve': {
    readonly input: {
      readonly promotion: string
      readonly version?: number
      readonly reason?: string
    }
    readonly output: {
      readonly id: string
      readonly artifact: string
      readonly run: string
      readonly twin: string
      readonly state: "requested" | "checked" | "in_review" | "approved" | "rejected" | "crossing" | "crossed" | "superseded" | "rolled_back" | "revoked"
      readonly channel: string
      readonly requestedAt: string
      readonly crossedAt: string | null
      readonly version: number
    }
  }
  /** Make every check of the gate; a promotion that nothing stops goes into review. */
  readonly 'promotion:check': {
    readonly input: {
      readonly promotion: string
    }
    readonly output: {
      readonly id: string
      readonly artifact: string
      readonly run: string
      readonly twin: string
      readonly state: "requested" | "checked" | "in_review" | "approved" | "rejected" | "crossing" | "crossed" | "superseded" | "rolled_back" | "revoked"
      readonly channel: string
      readonly requestedAt: string
      readonly crossedAt: string | null
      readonly version: number
      readonly twinName: string | null
      readonly environment: string
      readonly environmentSlug: string
      readonly environmentClass: "sandbox" | "staging" | "preproduction" | "production"
      readonly service: string
      readonly serviceName: string | null
      readonly owner: string
      readonly ownerName: string | null
      readonly requestedBy: string
      readonly requestedByName: string | null
      readonly approvalsNeeded: number
      readonly approvalsGiven: number
      readonly expiresAt: string
      readonly digest: string
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      readonly test: {
        readonly spiffeId: string
        readonly trustDomain: string
        readonly environment: string
        readonly key: string
        readonly owner: string
        readonly ownerName: string | null
        readonly ends: string
      }
      readonly production: {
        readonly spiffeId: string
        readonly trustDomain: string
        readonly environment: string
        readonly key: string
        readonly owner: string
        readonly ownerName: string | null
        readonly ends: string
      }
      readonly permissions: {
        readonly granted: readonly {
          readonly connection: string
          readonly methods: readonly string[]
          readonly path: string
          readonly used: boolean
        }[]
        readonly rules: readonly {
          readonly from: string
          readonly connection: string | null
          readonly methods: readonly string[]
          readonly path: string
          readonly calls: number
          readonly generalised: number
        }[]
        readonly unmapped: readonly string[]
      }
      readonly checks: readonly {
        readonly name: string
        readonly result: "passed" | "failed" | "not_assessed"
        readonly blocking: boolean
        readonly detail: string
        readonly facts: Json
      }[]
      readonly approvals: {
        readonly needed: number
        readonly given: readonly {
          readonly person: string
          readonly personName: string | null
          readonly decision: string
          readonly version: number
          readonly at: string
        }[]
      }
      readonly makers: readonly string[]
      readonly makerNames: readonly {
        readonly id: string
        readonly name: string | null
      }[]
      readonly nonce: string
    }
  }
  /** Carry an approved promotion across: a new production identity becomes active, the run’s lineage ends. */
  readonly 'promotion:cross': {
    readonly input: {
      readonly promotion: string
    }
    readonly output: {
      readonly id: string
      readonly artifact: string
      readonly run: string
      readonly twin: string
      readonly state: "requested" | "checked" | "in_review" | "approved" | "rejected" | "crossing" | "crossed" | "superseded" | "rolled_back" | "revoked"
      readonly channel: string
      readonly requestedAt: string
      readonly crossedAt: string | null
      readonly version: number
    }
  }
  /** Say who may approve a promotion and carry it across, who may not, and why. */
  readonly 'promotion:deciders': {
    readonly input: {
      readonly promotion: string
    }
    readonly output: {
      readonly promotion: string
      readonly version: number
      readonly state: string
      readonly approvals: {
        readonly needed: number
        readonly given: number
      }
      readonly now: {
        readonly approve: {
          readonly isOpen: boolean
          readonly because: string
        }
        readonly cross: {
          readonly isOpen: boolean
          readonly because: string
        }
      }
      readonly people: readonly {
        readonly person: {
          readonly id: string
          readonly slug: string
          readonly name: string
        }
        readonly roles: readonly string[]
        readonly isMaker: boolean
        readonly decided: "approved" | "rejected" | null
        readonly approve: {
          readonly may: boolean
          readonly because: string
        }
        readonly cross: {
          readonly may: boolean
          readonly because: string
        }
      }[]
      readonly workloads: readonly {
        readonly kind: string
        readonly id: string
        readonly slug: string
        readonly approve: {
          readonly may: boolean
          readonly because: string
        }
        readonly cross: {
          readonly may: boolean
          readonly because: string
        }
      }[]
      readonly truncated: boolean
    }
  }
  /** Say what approving, rejecting, crossing or rolling back a promotion will do, what would stop it, and what it does not take back. */
  readonly 'promotion:foresee': {
    readonly input: {
      readonly promotion: string
      readonly step: "approve" | "reject" | "cross" | "roll-back"
    }
    readonly output: {
      readonly promotion: string
      readonly version: number
      readonly step: "approve" | "reject" | "cross" | "roll-back"
      readonly isOpen: boolean
      readonly you: {
        readonly may: boolean
        readonly because: string
      }
      readonly effects: readonly {
        readonly does: "creates" | "ends" | "narrows" | "moves" | "keeps"
        readonly subject: {
          readonly type: string
          readonly id: string
          readonly name: string | null
        }
        readonly text: string
        readonly count: number | null
      }[]
      readonly stops: readonly {
        readonly name: string
        readonly detail: string
      }[]
      readonly notUndone: readonly string[]
    }
  }
  /** List promotions, newest first. */
  readonly 'promotion:list': {
    readonly input: {
      readonly state?: "requested" | "checked" | "in_review" | "approved" | "rejected" | "crossing" | "crossed" | "superseded" | "rolled_back" | "revoked"
      readonly twin?: string
      readonly project?: string
      readonly artifact?: string
      readonly run?: string
      readonly environment?: string
      readonly class?: "sandbox" | "staging" | "preproduction" | "production"
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly artifact: string
        readonly run: string
        readonly twin: string
        readonly state: "requested" | "checked" | "in_review" | "approved" | "rejected" | "crossing" | "crossed" | "superseded" | "rolled_back" | "revoked"
        readonly channel: string
        readonly requestedAt: string
        readonly crossedAt: string | null
        readonly version: number
        readonly twinName: string | null
        readonly environment: string
        readonly environmentSlug: string
        readonly environmentClass: "sandbox" | "staging" | "preproduction" | "production"
        readonly service: string
        readonly serviceName: string | null
        readonly owner: string
        readonly ownerName: string | null
        readonly requestedBy: string
        readonly requestedByName: string | null
        readonly approvalsNeeded: number
        readonly approvalsGiven: number
        readonly expiresAt: string
      }[]
      readonly next: string | null
    }
  }
  /** Reject a promotion; it ends here. */
  readonly 'promotion:reject': {
    readonly input: {
      readonly promotion: string
      readonly version?: number
      readonly reason?: string
    }
    readonly output: {
      readonly id: string
      readonly artifact: string
      readonly run: string
      readonly twin: string
      readonly state: "requested" | "checked" | "in_review" | "approved" | "rejected" | "crossing" | "crossed" | "superseded" | "rolled_back" | "revoked"
      readonly channel: string
      readonly requestedAt: string
      readonly crossedAt: string | null
      readonly version: number
    }
  }
  /** Ask to promote an artifact: to which environment, for which service, on which channel. */
  readonly 'promotion:request': {
    readonly input: {
      readonly artifact: string
      readonly environment: string
      readonly service: string
      readonly channel: string
      readonly days?: number
    }
    readonly output: {
      readonly id: string
      readonly artifact: string
      readonly run: string
      readonly twin: string
      readonly state: "requested" | "checked" | "in_review" | "approved" | "rejected" | "crossing" | "crossed" | "superseded" | "rolled_back" | "revoked"
      readonly channel: string
      readonly requestedAt: string
      readonly crossedAt: string | null
      readonly version: number
    }
  }
  /** Take a crossing back: the channel moves back, the production identity ends; what was fetched stays fetched. */
  readonly 'promotion:roll-back': {
    readonly input: {
      readonly promotion: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly artifact: string
      readonly run: string
      readonly twin: string
      readonly state: "requested" | "checked" | "in_review" | "approved" | "rejected" | "crossing" | "crossed" | "superseded" | "rolled_back" | "revoked"
      readonly channel: string
      readonly requestedAt: string
      readonly crossedAt: string | null
      readonly version: number
      readonly tokensEnded: number
      readonly channelNow: string | null
      readonly notUndone: readonly string[]
    }
  }
  /** Show what would change hands: a diff of identities and permissions, and every check of the gate. */
  readonly 'promotion:show': {
    readonly input: {
      readonly promotion: string
    }
    readonly output: {
      readonly id: string
      readonly artifact: string
      readonly run: string
      readonly twin: string
      readonly state: "requested" | "checked" | "in_review" | "approved" | "rejected" | "crossing" | "crossed" | "superseded" | "rolled_back" | "revoked"
      readonly channel: string
      readonly requestedAt: string
      readonly crossedAt: string | null
      readonly version: number
      readonly twinName: string | null
      readonly environment: string
      readonly environmentSlug: string
      readonly environmentClass: "sandbox" | "staging" | "preproduction" | "production"
      readonly service: string
      readonly serviceName: string | null
      readonly owner: string
      readonly ownerName: string | null
      readonly requestedBy: string
      readonly requestedByName: string | null
      readonly approvalsNeeded: number
      readonly approvalsGiven: number
      readonly expiresAt: string
      readonly digest: string
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      readonly test: {
        readonly spiffeId: string
        readonly trustDomain: string
        readonly environment: string
        readonly key: string
        readonly owner: string
        readonly ownerName: string | null
        readonly ends: string
      }
      readonly production: {
        readonly spiffeId: string
        readonly trustDomain: string
        readonly environment: string
        readonly key: string
        readonly owner: string
        readonly ownerName: string | null
        readonly ends: string
      }
      readonly permissions: {
        readonly granted: readonly {
          readonly connection: string
          readonly methods: readonly string[]
          readonly path: string
          readonly used: boolean
        }[]
        readonly rules: readonly {
          readonly from: string
          readonly connection: string | null
          readonly methods: readonly string[]
          readonly path: string
          readonly calls: number
          readonly generalised: number
        }[]
        readonly unmapped: readonly string[]
      }
      readonly checks: readonly {
        readonly name: string
        readonly result: "passed" | "failed" | "not_assessed"
        readonly blocking: boolean
        readonly detail: string
        readonly facts: Json
      }[]
      readonly approvals: {
        readonly needed: number
        readonly given: readonly {
          readonly person: string
          readonly personName: string | null
          readonly decision: string
          readonly version: number
          readonly at: string
        }[]
      }
      readonly makers: readonly string[]
      readonly makerNames: readonly {
        readonly id: string
        readonly name: string | null
      }[]
      readonly nonce: string
    }
  }
  /** Approve a request, as somebody else to whom it is to give; the last approval that it needs gives what was asked for. */
  readonly 'request:approve': {
    readonly input: {
      readonly request: string
      readonly minutes?: number
      readonly despite?: readonly string[]
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly state: "open" | "approved" | "denied" | "withdrawn" | "expired" | "ended"
      readonly asker: string
      readonly askerName: string
      readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
      readonly customRole: string | null
      readonly actions: readonly string[]
      readonly scope: {
        readonly type: string
        readonly id: string
      }
      readonly environments: readonly string[]
      readonly minutes: number
      readonly notBefore: string | null
      readonly reason: string | null
      readonly createdAt: string
      readonly expiresAt: string
      readonly closedAt: string | null
      readonly approvalsNeeded: number
      readonly approvalsGiven: number
      readonly grant: string | null
      readonly second: readonly ("production" | "privileged" | "admin")[]
      readonly steps: readonly {
        readonly number: number
        readonly state: "given" | "waiting" | "not_reached"
        readonly by: string | null
        readonly byName: string | null
        readonly at: string | null
        readonly minutes: number | null
        readonly reason: string | null
        readonly mayDecide: readonly {
          readonly id: string
          readonly slug: string
          readonly name: string
        }[]
      }[]
      readonly enough: boolean
      readonly conflicts: readonly {
        readonly name: string
        readonly stops: boolean
        readonly holder: string
        readonly grant: string
      }[]
      readonly answer: {
        readonly by: string
        readonly byName: string | null
        readonly reason: string | null
      } | null
    }
  }
  /** Ask for a role or single actions for yourself: on a scope, in environments, for some minutes, for a reason. Says who could approve it. */
  readonly 'request:create': {
    readonly input: {
      readonly role?: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
      readonly customRole?: string
      readonly actions?: readonly string[]
      readonly scopeType?: "Organization" | "Project" | "Twin" | "Scenario" | "Asset" | "Artifact" | "Connection" | "Channel"
      readonly scope?: string
      readonly environments?: readonly string[]
      readonly notBefore?: string
      readonly minutes?: number
      readonly openMinutes?: number
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly state: "open" | "approved" | "denied" | "withdrawn" | "expired" | "ended"
      readonly asker: string
      readonly askerName: string
      readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
      readonly customRole: string | null
      readonly actions: readonly string[]
      readonly scope: {
        readonly type: string
        readonly id: string
      }
      readonly environments: readonly string[]
      readonly minutes: number
      readonly notBefore: string | null
      readonly reason: string | null
      readonly createdAt: string
      readonly expiresAt: string
      readonly closedAt: string | null
      readonly approvalsNeeded: number
      readonly approvalsGiven: number
      readonly grant: string | null
      readonly second: readonly ("production" | "privileged" | "admin")[]
      readonly steps: readonly {
        readonly number: number
        readonly state: "given" | "waiting" | "not_reached"
        readonly by: string | null
        readonly byName: string | null
        readonly at: string | null
        readonly minutes: number | null
        readonly reason: string | null
        readonly mayDecide: readonly {
          readonly id: string
          readonly slug: string
          readonly name: string
        }[]
      }[]
      readonly enough: boolean
      readonly conflicts: readonly {
        readonly name: string
        readonly stops: boolean
        readonly holder: string
        readonly grant: string
      }[]
      readonly answer: {
        readonly by: string
        readonly byName: string | null
        readonly reason: string | null
      } | null
    }
  }
  /** Deny a request; it ends here. */
  readonly 'request:deny': {
    readonly input: {
      readonly request: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly state: "open" | "approved" | "denied" | "withdrawn" | "expired" | "ended"
      readonly asker: string
      readonly askerName: string
      readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
      readonly customRole: string | null
      readonly actions: readonly string[]
      readonly scope: {
        readonly type: string
        readonly id: string
      }
      readonly environments: readonly string[]
      readonly minutes: number
      readonly notBefore: string | null
      readonly reason: string | null
      readonly createdAt: string
      readonly expiresAt: string
      readonly closedAt: string | null
      readonly approvalsNeeded: number
      readonly approvalsGiven: number
      readonly grant: string | null
    }
  }
  /** List requests, newest first: your own, those that you could approve, or all that you may see. */
  readonly 'request:list': {
    readonly input: {
      readonly which?: "mine" | "to_decide" | "all"
      readonly state?: "open" | "approved" | "denied" | "withdrawn" | "expired" | "ended"
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly state: "open" | "approved" | "denied" | "withdrawn" | "expired" | "ended"
        readonly asker: string
        readonly askerName: string
        readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
        readonly customRole: string | null
        readonly actions: readonly string[]
        readonly scope: {
          readonly type: string
          readonly id: string
        }
        readonly environments: readonly string[]
        readonly minutes: number
        readonly notBefore: string | null
        readonly reason: string | null
        readonly createdAt: string
        readonly expiresAt: string
        readonly closedAt: string | null
        readonly approvalsNeeded: number
        readonly approvalsGiven: number
        readonly grant: string | null
      }[]
      readonly next: string | null
    }
  }
  /** Say what a request would come to, without making it: who could approve it, and which duties it would bring together. */
  readonly 'request:preview': {
    readonly input: {
      readonly role?: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
      readonly customRole?: string
      readonly actions?: readonly string[]
      readonly scopeType?: "Organization" | "Project" | "Twin" | "Scenario" | "Asset" | "Artifact" | "Connection" | "Channel"
      readonly scope?: string
      readonly environments?: readonly string[]
      readonly notBefore?: string
      readonly minutes?: number
      readonly openMinutes?: number
      readonly reason?: string
    }
    readonly output: {
      readonly second: readonly ("production" | "privileged" | "admin")[]
      readonly steps: readonly {
        readonly number: number
        readonly state: "given" | "waiting" | "not_reached"
        readonly by: string | null
        readonly byName: string | null
        readonly at: string | null
        readonly minutes: number | null
        readonly reason: string | null
        readonly mayDecide: readonly {
          readonly id: string
          readonly slug: string
          readonly name: string
        }[]
      }[]
      readonly enough: boolean
      readonly conflicts: readonly {
        readonly name: string
        readonly stops: boolean
        readonly holder: string
        readonly grant: string
      }[]
    }
  }
  /** Show a request: what is asked for and why, its steps, and who may decide each. */
  readonly 'request:show': {
    readonly input: {
      readonly request: string
    }
    readonly output: {
      readonly id: string
      readonly state: "open" | "approved" | "denied" | "withdrawn" | "expired" | "ended"
      readonly asker: string
      readonly askerName: string
      readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
      readonly customRole: string | null
      readonly actions: readonly string[]
      readonly scope: {
        readonly type: string
        readonly id: string
      }
      readonly environments: readonly string[]
      readonly minutes: number
      readonly notBefore: string | null
      readonly reason: string | null
      readonly createdAt: string
      readonly expiresAt: string
      readonly closedAt: string | null
      readonly approvalsNeeded: number
      readonly approvalsGiven: number
      readonly grant: string | null
      readonly second: readonly ("production" | "privileged" | "admin")[]
      readonly steps: readonly {
        readonly number: number
        readonly state: "given" | "waiting" | "not_reached"
        readonly by: string | null
        readonly byName: string | null
        readonly at: string | null
        readonly minutes: number | null
        readonly reason: string | null
        readonly mayDecide: readonly {
          readonly id: string
          readonly slug: string
          readonly name: string
        }[]
      }[]
      readonly enough: boolean
      readonly conflicts: readonly {
        readonly name: string
        readonly stops: boolean
        readonly holder: string
        readonly grant: string
      }[]
      readonly answer: {
        readonly by: string
        readonly byName: string | null
        readonly reason: string | null
      } | null
    }
  }
  /** Withdraw your own request; it ends here. */
  readonly 'request:withdraw': {
    readonly input: {
      readonly request: string
      readonly reason?: string
    }
    readonly output: {
      readonly id: string
      readonly state: "open" | "approved" | "denied" | "withdrawn" | "expired" | "ended"
      readonly asker: string
      readonly askerName: string
      readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor" | null
      readonly customRole: string | null
      readonly actions: readonly string[]
      readonly scope: {
        readonly type: string
        readonly id: string
      }
      readonly environments: readonly string[]
      readonly minutes: number
      readonly notBefore: string | null
      readonly reason: string | null
      readonly createdAt: string
      readonly expiresAt: string
      readonly closedAt: string | null
      readonly approvalsNeeded: number
      readonly approvalsGiven: number
      readonly grant: string | null
    }
  }
  /** Change what a role of your own may do, for everybody who holds it, when every example holds. */
  readonly 'role:change': {
    readonly input: {
      readonly role: string
      readonly title?: string
      readonly actions?: readonly string[]
      readonly reason: string
    }
    readonly output: {
      readonly role: string
      readonly title: string
      readonly actions: readonly string[]
      readonly state: "active" | "retired"
      readonly version: number
      readonly createdBy: string
      readonly createdAt: string | null
      readonly retiredAt: string | null
    }
  }
  /** Make a role of your own out of actions: none that you do not have, and not two of author, run, export and hand off. */
  readonly 'role:create': {
    readonly input: {
      readonly slug: string
      readonly title: string
      readonly actions: readonly string[]
      readonly reason: string
    }
    readonly output: {
      readonly role: string
      readonly title: string
      readonly actions: readonly string[]
      readonly state: "active" | "retired"
      readonly version: number
      readonly createdBy: string
      readonly createdAt: string | null
      readonly retiredAt: string | null
    }
  }
  /** List the roles of the organization’s own, and those that ship with the product. */
  readonly 'role:list': {
    readonly input: Record<string, never>
    readonly output: {
      readonly items: readonly {
        readonly role: string
        readonly title: string
        readonly actions: readonly string[]
        readonly state: "active" | "retired"
        readonly version: number
        readonly createdBy: string
        readonly createdAt: string | null
        readonly retiredAt: string | null
      }[]
      readonly shipped: readonly {
        readonly role: "author" | "operator" | "observer" | "exporter" | "reviewer" | "deployer" | "admin" | "auditor"
        readonly actions: readonly string[]
      }[]
    }
  }
  /** End a role of your own and every grant of it. When this returns, nothing is admitted under them any more. */
  readonly 'role:retire': {
    readonly input: {
      readonly role: string
      readonly reason: string
    }
    readonly output: {
      readonly role: string
      readonly title: string
      readonly actions: readonly string[]
      readonly state: "active" | "retired"
      readonly version: number
      readonly createdBy: string
      readonly createdAt: string | null
      readonly retiredAt: string | null
      readonly ended: number
    }
  }
  /** Show a role of the organization’s own, and how often it is given. */
  readonly 'role:show': {
    readonly input: {
      readonly role: string
    }
    readonly output: {
      readonly role: string
      readonly title: string
      readonly actions: readonly string[]
      readonly state: "active" | "retired"
      readonly version: number
      readonly createdBy: string
      readonly createdAt: string | null
      readonly retiredAt: string | null
      readonly grants: number
    }
  }
  /** End a run because the pipeline that started it failed. */
  readonly 'run:abandon': {
    readonly input: {
      readonly run: string
    }
    readonly output: {
      readonly id: string
      readonly twin: string
      readonly scenario: string
      readonly environment: string
      readonly batch: string | null
      readonly state: "queued" | "claimed" | "running" | "ending" | "ended"
      readonly outcome: "succeeded" | "failed" | "cancelled" | "deadline" | "lost" | "pipeline_failed" | "revoked" | null
      readonly cause: "passed" | "said_failed" | "threw" | "not_loaded" | "no_verdict" | "exit_code" | "signal" | "memory" | "protocol" | "cell_unready" | "program_missing" | "cell_refused" | "cell_busy" | "cell_failed" | "deadline" | "never_began" | "worker_lost" | "server_stopping" | "cancelled" | "batch_ended" | "frozen_out" | "pipeline_failed" | "operator_left" | "owner_gone" | "twin_retired" | "pipeline_suspended" | "launcher_may_not" | "organization_closing" | null
      readonly reason: string | null
      readonly identities: {
        readonly operator: string
        readonly orchestrator: string
        readonly twin: string
      }
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      readonly seed: number
      readonly queuedAt: string
      readonly startedAt: string | null
      readonly deadline: string
      readonly endedAt: string | null
      readonly closed: Json
      readonly frozen: {
        readonly until: string
        readonly by: string
        readonly reason: string
      } | null
    }
  }
  /** Stop a run: its identity ends before this returns. */
  readonly 'run:cancel': {
    readonly input: {
      readonly run: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly twin: string
      readonly scenario: string
      readonly environment: string
      readonly batch: string | null
      readonly state: "queued" | "claimed" | "running" | "ending" | "ended"
      readonly outcome: "succeeded" | "failed" | "cancelled" | "deadline" | "lost" | "pipeline_failed" | "revoked" | null
      readonly cause: "passed" | "said_failed" | "threw" | "not_loaded" | "no_verdict" | "exit_code" | "signal" | "memory" | "protocol" | "cell_unready" | "program_missing" | "cell_refused" | "cell_busy" | "cell_failed" | "deadline" | "never_began" | "worker_lost" | "server_stopping" | "cancelled" | "batch_ended" | "frozen_out" | "pipeline_failed" | "operator_left" | "owner_gone" | "twin_retired" | "pipeline_suspended" | "launcher_may_not" | "organization_closing" | null
      readonly reason: string | null
      readonly identities: {
        readonly operator: string
        readonly orchestrator: string
        readonly twin: string
      }
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      readonly seed: number
      readonly queuedAt: string
      readonly startedAt: string | null
      readonly deadline: string
      readonly endedAt: string | null
      readonly closed: Json
      readonly frozen: {
        readonly until: string
        readonly by: string
        readonly reason: string
      } | null
      readonly stopped: {
        readonly credentials: number
      }
      readonly tookMs: number
    }
  }
  /** Issue a JWT-SVID to the run itself: one audience, at most 60 seconds. */
  readonly 'run:credential': {
    readonly input: {
      readonly run: string
      readonly audience: string
      readonly subject?: string
    }
    readonly output: {
      readonly token: string
      readonly expiresAt: number
      readonly spiffeId: string
    }
  }
  /** Freeze a run: nothing of it is admitted until it is thawed, and after the minutes it is ended. */
  readonly 'run:freeze': {
    readonly input: {
      readonly run: string
      readonly reason: string
      readonly minutes: number
    }
    readonly output: {
      readonly id: string
      readonly twin: string
      readonly scenario: string
      readonly environment: string
      readonly batch: string | null
      readonly state: "queued" | "claimed" | "running" | "ending" | "ended"
      readonly outcome: "succeeded" | "failed" | "cancelled" | "deadline" | "lost" | "pipeline_failed" | "revoked" | null
      readonly cause: "passed" | "said_failed" | "threw" | "not_loaded" | "no_verdict" | "exit_code" | "signal" | "memory" | "protocol" | "cell_unready" | "program_missing" | "cell_refused" | "cell_busy" | "cell_failed" | "deadline" | "never_began" | "worker_lost" | "server_stopping" | "cancelled" | "batch_ended" | "frozen_out" | "pipeline_failed" | "operator_left" | "owner_gone" | "twin_retired" | "pipeline_suspended" | "launcher_may_not" | "organization_closing" | null
      readonly reason: string | null
      readonly identities: {
        readonly operator: string
        readonly orchestrator: string
        readonly twin: string
      }
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      readonly seed: number
      readonly queuedAt: string
      readonly startedAt: string | null
      readonly deadline: string
      readonly endedAt: string | null
      readonly closed: Json
      readonly frozen: {
        readonly until: string
        readonly by: string
        readonly reason: string
      } | null
      readonly stopped: {
        readonly credentials: number
      }
      readonly tookMs: number
    }
  }
  /** Launch a run of a sealed scenario in one environment, with an identity of its own. */
  readonly 'run:launch': {
    readonly input: {
      readonly scenario: string
      readonly environment: string
      readonly seed?: number
      readonly parameters?: { readonly [name: string]: Json }
    }
    readonly output: {
      readonly id: string
      readonly twin: string
      readonly scenario: string
      readonly environment: string
      readonly batch: string | null
      readonly state: "queued" | "claimed" | "running" | "ending" | "ended"
      readonly outcome: "succeeded" | "failed" | "cancelled" | "deadline" | "lost" | "pipeline_failed" | "revoked" | null
      readonly cause: "passed" | "said_failed" | "threw" | "not_loaded" | "no_verdict" | "exit_code" | "signal" | "memory" | "protocol" | "cell_unready" | "program_missing" | "cell_refused" | "cell_busy" | "cell_failed" | "deadline" | "never_began" | "worker_lost" | "server_stopping" | "cancelled" | "batch_ended" | "frozen_out" | "pipeline_failed" | "operator_left" | "owner_gone" | "twin_retired" | "pipeline_suspended" | "launcher_may_not" | "organization_closing" | null
      readonly reason: string | null
      readonly identities: {
        readonly operator: string
        readonly orchestrator: string
        readonly twin: string
      }
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      readonly seed: number
      readonly queuedAt: string
      readonly startedAt: string | null
      readonly deadline: string
      readonly endedAt: string | null
      readonly closed: Json
      readonly frozen: {
        readonly until: string
        readonly by: string
        readonly reason: string
      } | null
    }
  }
  /** List runs, newest first. */
  readonly 'run:list': {
    readonly input: {
      readonly state?: "queued" | "claimed" | "running" | "ending" | "ended"
      readonly twin?: string
      readonly project?: string
      readonly batch?: string
      readonly environment?: string
      readonly operator?: string
      readonly live?: string | boolean
      readonly outcome?: "succeeded" | "failed" | "cancelled" | "deadline" | "lost" | "pipeline_failed" | "revoked"
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly twin: string
        readonly scenario: string
        readonly environment: string
        readonly batch: string | null
        readonly state: "queued" | "claimed" | "running" | "ending" | "ended"
        readonly outcome: "succeeded" | "failed" | "cancelled" | "deadline" | "lost" | "pipeline_failed" | "revoked" | null
        readonly cause: "passed" | "said_failed" | "threw" | "not_loaded" | "no_verdict" | "exit_code" | "signal" | "memory" | "protocol" | "cell_unready" | "program_missing" | "cell_refused" | "cell_busy" | "cell_failed" | "deadline" | "never_began" | "worker_lost" | "server_stopping" | "cancelled" | "batch_ended" | "frozen_out" | "pipeline_failed" | "operator_left" | "owner_gone" | "twin_retired" | "pipeline_suspended" | "launcher_may_not" | "organization_closing" | null
        readonly reason: string | null
        readonly identities: {
          readonly operator: string
          readonly orchestrator: string
          readonly twin: string
        }
        readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
        readonly seed: number
        readonly queuedAt: string
        readonly startedAt: string | null
        readonly deadline: string
        readonly endedAt: string | null
        readonly closed: Json
        readonly frozen: {
          readonly until: string
          readonly by: string
          readonly reason: string
        } | null
        readonly twinName: string | null
        readonly scenarioName: string | null
        readonly environmentSlug: string
        readonly environmentClass: "sandbox" | "staging" | "preproduction" | "production"
        readonly operatorName: string | null
        readonly orchestratorName: string | null
        readonly frozenByName: string | null
      }[]
      readonly next: string | null
    }
  }
  /** Read one file that a run has written, as soon as it is whole. */
  readonly 'run:output': {
    readonly input: {
      readonly run: string
      readonly path: string
    }
    readonly output: {
      readonly number: number
      readonly path: string
      readonly bytes: number
      readonly digest: string
      readonly mediaType: string
      readonly at: string
      readonly content: string
    }
  }
  /** List the files that a run has written so far, in the order in which it wrote them. */
  readonly 'run:outputs': {
    readonly input: {
      readonly run: string
      readonly limit?: number
      readonly after?: number
    }
    readonly output: {
      readonly items: readonly {
        readonly number: number
        readonly path: string
        readonly bytes: number
        readonly digest: string
        readonly mediaType: string
        readonly at: string
      }[]
      readonly next: number | null
    }
  }
  /** Show a run’s parameters, its own summary, how its cell ended and what the run said last. */
  readonly 'run:read': {
    readonly input: {
      readonly run: string
    }
    readonly output: {
      readonly id: string
      readonly outcome: "succeeded" | "failed" | "cancelled" | "deadline" | "lost" | "pipeline_failed" | "revoked" | null
      readonly cause: "passed" | "said_failed" | "threw" | "not_loaded" | "no_verdict" | "exit_code" | "signal" | "memory" | "protocol" | "cell_unready" | "program_missing" | "cell_refused" | "cell_busy" | "cell_failed" | "deadline" | "never_began" | "worker_lost" | "server_stopping" | "cancelled" | "batch_ended" | "frozen_out" | "pipeline_failed" | "operator_left" | "owner_gone" | "twin_retired" | "pipeline_suspended" | "launcher_may_not" | "organization_closing" | null
      readonly reason: string | null
      readonly parameters: Json
      readonly summary: Json
      readonly exit: {
        readonly code: number | null
        readonly signal: string | null
        readonly detail: string | null
        readonly words: string | null
        readonly cut: boolean
        readonly redacted: number
      } | null
    }
  }
  /** Show a run: its three identities, state, progress and end. */
  readonly 'run:show': {
    readonly input: {
      readonly run: string
    }
    readonly output: {
      readonly id: string
      readonly twin: string
      readonly scenario: string
      readonly environment: string
      readonly batch: string | null
      readonly state: "queued" | "claimed" | "running" | "ending" | "ended"
      readonly outcome: "succeeded" | "failed" | "cancelled" | "deadline" | "lost" | "pipeline_failed" | "revoked" | null
      readonly cause: "passed" | "said_failed" | "threw" | "not_loaded" | "no_verdict" | "exit_code" | "signal" | "memory" | "protocol" | "cell_unready" | "program_missing" | "cell_refused" | "cell_busy" | "cell_failed" | "deadline" | "never_began" | "worker_lost" | "server_stopping" | "cancelled" | "batch_ended" | "frozen_out" | "pipeline_failed" | "operator_left" | "owner_gone" | "twin_retired" | "pipeline_suspended" | "launcher_may_not" | "organization_closing" | null
      readonly reason: string | null
      readonly identities: {
        readonly operator: {
          readonly kind: "person" | "pipeline" | "agent" | "service" | "scheduler" | "run"
          readonly id: string
          readonly name: string | null
          readonly spiffeId: string | null
          readonly ends: string | null
        }
        readonly orchestrator: {
          readonly kind: "person" | "pipeline" | "agent" | "service" | "scheduler" | "run"
          readonly id: string
          readonly name: string | null
          readonly spiffeId: string | null
          readonly ends: string | null
        }
        readonly twin: {
          readonly kind: "person" | "pipeline" | "agent" | "service" | "scheduler" | "run"
          readonly id: string
          readonly name: string | null
          readonly spiffeId: string | null
          readonly ends: string | null
        }
      }
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      readonly seed: number
      readonly queuedAt: string
      readonly startedAt: string | null
      readonly deadline: string
      readonly endedAt: string | null
      readonly closed: Json
      readonly frozen: {
        readonly until: string
        readonly by: string
        readonly reason: string
      } | null
      readonly twinName: string | null
      readonly scenarioName: string | null
      readonly environmentSlug: string
      readonly environmentClass: "sandbox" | "staging" | "preproduction" | "production"
      readonly operatorName: string | null
      readonly orchestratorName: string | null
      readonly frozenByName: string | null
      readonly remedy: string | null
      readonly progress: {
        readonly done: number
        readonly total: number
        readonly note: string
      } | null
      readonly claim: {
        readonly until: string
      } | null
      readonly credentials: {
        readonly issued: number
        readonly live: number
        readonly expiresAt: string | null
      }
    }
  }
  /** Read a run’s tape: every call that it made, allowed or refused. */
  readonly 'run:tape': {
    readonly input: {
      readonly run: string
      readonly limit?: number
      readonly after?: number
      readonly decision?: "allowed" | "denied"
      readonly connection?: string
      readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE"
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly number: number
        readonly connection: string
        readonly method: string
        readonly path: string
        readonly decision: "allowed" | "denied"
        readonly code: string | null
        readonly state: "decided" | "settled" | "unknown"
        readonly status: number | null
        readonly responseBytes: number | null
        readonly durationMs: number | null
        readonly entry: string
        readonly at: string | null
      }[]
      readonly allowed: number
      readonly denied: number
      readonly matching: number
      readonly next: number | null
    }
  }
  /** Thaw a frozen run: it goes on, under new credentials. */
  readonly 'run:thaw': {
    readonly input: {
      readonly run: string
      readonly reason: string
    }
    readonly output: {
      readonly id: string
      readonly twin: string
      readonly scenario: string
      readonly environment: string
      readonly batch: string | null
      readonly state: "queued" | "claimed" | "running" | "ending" | "ended"
      readonly outcome: "succeeded" | "failed" | "cancelled" | "deadline" | "lost" | "pipeline_failed" | "revoked" | null
      readonly cause: "passed" | "said_failed" | "threw" | "not_loaded" | "no_verdict" | "exit_code" | "signal" | "memory" | "protocol" | "cell_unready" | "program_missing" | "cell_refused" | "cell_busy" | "cell_failed" | "deadline" | "never_began" | "worker_lost" | "server_stopping" | "cancelled" | "batch_ended" | "frozen_out" | "pipeline_failed" | "operator_left" | "owner_gone" | "twin_retired" | "pipeline_suspended" | "launcher_may_not" | "organization_closing" | null
      readonly reason: string | null
      readonly identities: {
        readonly operator: string
        readonly orchestrator: string
        readonly twin: string
      }
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      readonly seed: number
      readonly queuedAt: string
      readonly startedAt: string | null
      readonly deadline: string
      readonly endedAt: string | null
      readonly closed: Json
      readonly frozen: {
        readonly until: string
        readonly by: string
        readonly reason: string
      } | null
    }
  }
  /** List the scenario versions of a twin. */
  readonly 'scenario:list': {
    readonly input: {
      readonly twin: string
      readonly slug?: string
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly twin: string
        readonly slug: string
        readonly version: number
        readonly digest: string
        readonly author: string
        readonly createdAt: string
        readonly twinName: string | null
        readonly authorName: string | null
        readonly newest: boolean
      }[]
      readonly next: string | null
    }
  }
  /** Say what a run of a scenario would be allowed in an environment: each call of its manifest, and the launch itself. */
  readonly 'scenario:preview': {
    readonly input: {
      readonly scenario: string
      readonly environment: string
    }
    readonly output: {
      readonly scenario: string
      readonly environment: string
      readonly environmentSlug: string
      readonly environmentClass: "sandbox" | "staging" | "preproduction" | "production"
      readonly launch: {
        readonly isAllowed: boolean
        readonly you: {
          readonly may: boolean
          readonly because: string
        }
        readonly stops: readonly {
          readonly code: string
          readonly detail: string
        }[]
      }
      readonly items: readonly {
        readonly connection: string
        readonly connectionId: string | null
        readonly access: "read" | "write" | "control" | null
        readonly sensitivity: "public" | "internal" | "confidential" | "restricted" | null
        readonly method: string
        readonly path: string
        readonly verdict: "allowed" | "not_available" | "denied"
        readonly because: string
      }[]
      readonly assets: readonly {
        readonly name: string
        readonly id: string
        readonly slug: string
        readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
        readonly ownerName: string | null
      }[]
      readonly limits: {
        readonly deadlineSeconds: number
        readonly memoryMegabytes: number
        readonly filesMax: number
        readonly bytesMax: number
      }
    }
  }
  /** Publish a new version of a scenario: scanned for secrets at the door, sealed by digest. */
  readonly 'scenario:publish': {
    readonly input: {
      readonly twin: string
      readonly slug: string
      readonly manifest: {
        readonly connections?: readonly {
          readonly connection: string
          readonly allow: readonly {
            readonly methods: readonly ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE")[]
            readonly path: string
          }[]
        }[]
        readonly assets?: readonly {
          readonly name: string
          readonly asset: string
        }[]
        readonly parameters?: { readonly [name: string]: Json }
        readonly outputs?: {
          readonly filesMax: number
          readonly bytesMax: number
        }
        readonly deadlineSeconds?: number
        readonly memoryMegabytes?: number
      }
    }
    readonly output: {
      readonly id: string
      readonly twin: string
      readonly slug: string
      readonly version: number
      readonly digest: string
      readonly author: string
      readonly createdAt: string
    }
  }
  /** Show a scenario version with its manifest. */
  readonly 'scenario:show': {
    readonly input: {
      readonly scenario: string
    }
    readonly output: {
      readonly id: string
      readonly twin: string
      readonly slug: string
      readonly version: number
      readonly digest: string
      readonly author: string
      readonly createdAt: string
      readonly twinName: string | null
      readonly authorName: string | null
      readonly newest: boolean
      readonly manifest: {
        readonly connections: readonly {
          readonly connection: string
          readonly allow: readonly {
            readonly methods: readonly ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE")[]
            readonly path: string
          }[]
        }[]
        readonly assets: readonly {
          readonly name: string
          readonly asset: string
        }[]
        readonly parameters: { readonly [name: string]: Json }
        readonly outputs: {
          readonly filesMax: number
          readonly bytesMax: number
        }
        readonly deadlineSeconds: number
        readonly memoryMegabytes: number
      }
      readonly assets: readonly {
        readonly name: string
        readonly id: string
        readonly digest: string
      }[]
    }
  }
  /** Sign in with a one-time link, which is used up. */
  readonly 'session:create': {
    readonly input: {
      readonly device?: string
    }
    readonly output: {
      readonly id: string
      readonly token: string
      readonly expiresAt: string
      readonly person: {
        readonly id: string
        readonly slug: string
      }
      readonly organization: string
    }
  }
  /** Sign out: end the session that this request came with. */
  readonly 'session:end': {
    readonly input: Record<string, never>
    readonly output: {
      readonly ended: boolean
      readonly sso: string | null
      readonly session: string | null
    }
  }
  /** End a session of one’s own on whatever device, or of anybody by an administrator. */
  readonly 'session:revoke': {
    readonly input: {
      readonly session: string
    }
    readonly output: {
      readonly id: string
      readonly ended: boolean
    }
  }
  /** Say who is signed in, and what roles he holds where. */
  readonly 'session:show': {
    readonly input: Record<string, never>
    readonly output: {
      readonly kind: string
      readonly id: string
      readonly name: string
      readonly organization: string
      readonly organizationSlug: string
      readonly organizationName: string
      readonly person: {
        readonly id: string
        readonly slug: string
        readonly name: string
      } | null
      readonly spiffeId: string | null
      readonly grants: readonly {
        readonly id: string
        readonly role: string
        readonly scope: {
          readonly kind: string
          readonly id: string
        }
        readonly environments: readonly string[]
        readonly notBefore: string | null
        readonly notAfter: string | null
        readonly reason: string | null
      }[]
      readonly names: { readonly [name: string]: string }
    }
  }
  /** Change a sign-in connection: its client, its credential, its provider’s certificates, whom it adds. Its issuer cannot change. */
  readonly 'sso:change': {
    readonly input: {
      readonly sso: string
      readonly name?: string
      readonly clientId?: string
      readonly secret?: string
      readonly newKey?: true
      readonly metadata?: string
      readonly idpInitiated?: boolean
      readonly provisions?: boolean
      readonly clearance?: "public" | "internal" | "confidential" | "restricted"
      readonly stepUpAcr?: string | null
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly protocol: "oidc" | "saml"
      readonly issuer: string
      readonly clientId: string | null
      readonly authentication: "secret" | "private_key_jwt" | "certificate"
      readonly publicJwk: string | null
      readonly saml: {
        readonly signInUrl: string
        readonly signOutUrl: string | null
        readonly certificates: readonly {
          readonly sha256: string
          readonly notBefore: string
          readonly notAfter: string
          readonly state: "good" | "ends_soon" | "over" | "not_yet"
        }[]
        readonly warning: string | null
        readonly idpInitiated: boolean
        readonly entityId: string
        readonly answerUrl: string
        readonly signOutAddress: string
        readonly ownCertificate: string
      } | null
      readonly provisions: boolean
      readonly clearance: "public" | "internal" | "confidential" | "restricted"
      readonly stepUpAcr: string | null
      readonly domains: readonly string[]
      readonly state: "proposed" | "active" | "retired"
      readonly createdAt: string
    }
  }
  /** Connect an OpenID provider that people sign in through; without a secret a key is made for it (private_key_jwt). */
  readonly 'sso:create': {
    readonly input: {
      readonly slug: string
      readonly name: string
      readonly issuer: string
      readonly clientId: string
      readonly secret?: string
      readonly provisions?: boolean
      readonly clearance?: "public" | "internal" | "confidential" | "restricted"
      readonly stepUpAcr?: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly protocol: "oidc" | "saml"
      readonly issuer: string
      readonly clientId: string | null
      readonly authentication: "secret" | "private_key_jwt" | "certificate"
      readonly publicJwk: string | null
      readonly saml: {
        readonly signInUrl: string
        readonly signOutUrl: string | null
        readonly certificates: readonly {
          readonly sha256: string
          readonly notBefore: string
          readonly notAfter: string
          readonly state: "good" | "ends_soon" | "over" | "not_yet"
        }[]
        readonly warning: string | null
        readonly idpInitiated: boolean
        readonly entityId: string
        readonly answerUrl: string
        readonly signOutAddress: string
        readonly ownCertificate: string
      } | null
      readonly provisions: boolean
      readonly clearance: "public" | "internal" | "confidential" | "restricted"
      readonly stepUpAcr: string | null
      readonly domains: readonly string[]
      readonly state: "proposed" | "active" | "retired"
      readonly createdAt: string
    }
  }
  /** Connect a SAML 2.0 provider that people sign in through, by its metadata; our own metadata for it is made here. */
  readonly 'sso:create-saml': {
    readonly input: {
      readonly slug: string
      readonly name: string
      readonly metadata: string
      readonly idpInitiated?: boolean
      readonly provisions?: boolean
      readonly clearance?: "public" | "internal" | "confidential" | "restricted"
      readonly stepUpAcr?: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly protocol: "oidc" | "saml"
      readonly issuer: string
      readonly clientId: string | null
      readonly authentication: "secret" | "private_key_jwt" | "certificate"
      readonly publicJwk: string | null
      readonly saml: {
        readonly signInUrl: string
        readonly signOutUrl: string | null
        readonly certificates: readonly {
          readonly sha256: string
          readonly notBefore: string
          readonly notAfter: string
          readonly state: "good" | "ends_soon" | "over" | "not_yet"
        }[]
        readonly warning: string | null
        readonly idpInitiated: boolean
        readonly entityId: string
        readonly answerUrl: string
        readonly signOutAddress: string
        readonly ownCertificate: string
      } | null
      readonly provisions: boolean
      readonly clearance: "public" | "internal" | "confidential" | "restricted"
      readonly stepUpAcr: string | null
      readonly domains: readonly string[]
      readonly state: "proposed" | "active" | "retired"
      readonly createdAt: string
    }
  }
  /** List the identity providers that people sign in through; credentials are never shown. */
  readonly 'sso:list': {
    readonly input: {
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly slug: string
        readonly name: string
        readonly protocol: "oidc" | "saml"
        readonly issuer: string
        readonly clientId: string | null
        readonly authentication: "secret" | "private_key_jwt" | "certificate"
        readonly publicJwk: string | null
        readonly saml: {
          readonly signInUrl: string
          readonly signOutUrl: string | null
          readonly certificates: readonly {
            readonly sha256: string
            readonly notBefore: string
            readonly notAfter: string
            readonly state: "good" | "ends_soon" | "over" | "not_yet"
          }[]
          readonly warning: string | null
          readonly idpInitiated: boolean
          readonly entityId: string
          readonly answerUrl: string
          readonly signOutAddress: string
          readonly ownCertificate: string
        } | null
        readonly provisions: boolean
        readonly clearance: "public" | "internal" | "confidential" | "restricted"
        readonly stepUpAcr: string | null
        readonly domains: readonly string[]
        readonly state: "proposed" | "active" | "retired"
        readonly createdAt: string
      }[]
      readonly next: string | null
    }
  }
  /** Retire a sign-in connection: nobody signs in through it any more, and the sessions that it opened end. */
  readonly 'sso:retire': {
    readonly input: {
      readonly sso: string
    }
    readonly output: {
      readonly id: string
      readonly state: "retired"
      readonly sessions: number
    }
  }
  /** Show a sign-in connection; its credential is never shown. */
  readonly 'sso:show': {
    readonly input: {
      readonly sso: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly name: string
      readonly protocol: "oidc" | "saml"
      readonly issuer: string
      readonly clientId: string | null
      readonly authentication: "secret" | "private_key_jwt" | "certificate"
      readonly publicJwk: string | null
      readonly saml: {
        readonly signInUrl: string
        readonly signOutUrl: string | null
        readonly certificates: readonly {
          readonly sha256: string
          readonly notBefore: string
          readonly notAfter: string
          readonly state: "good" | "ends_soon" | "over" | "not_yet"
        }[]
        readonly warning: string | null
        readonly idpInitiated: boolean
        readonly entityId: string
        readonly answerUrl: string
        readonly signOutAddress: string
        readonly ownCertificate: string
      } | null
      readonly provisions: boolean
      readonly clearance: "public" | "internal" | "confidential" | "restricted"
      readonly stepUpAcr: string | null
      readonly domains: readonly string[]
      readonly state: "proposed" | "active" | "retired"
      readonly createdAt: string
    }
  }
  /** Ask the provider of a sign-in connection whether it is there, and say what it can do or what is wrong with it. */
  readonly 'sso:test': {
    readonly input: {
      readonly sso: string
    }
    readonly output: {
      readonly works: boolean
      readonly problem: string | null
      readonly authorizationEndpoint: string | null
      readonly algorithms: readonly string[]
      readonly keys: number
      readonly namesIssuer: boolean
      readonly backChannelLogout: boolean
      readonly redirectUri: string
      readonly signOutUri: string | null
    }
  }
  /** Make an address for a trial sign-in, which says what the provider told and who that would be, and lets nobody in. */
  readonly 'sso:try': {
    readonly input: {
      readonly sso: string
    }
    readonly output: {
      readonly url: string
      readonly expiresAt: string
    }
  }
  /** Create a twin in a project, with an owner and a sensitivity. */
  readonly 'twin:create': {
    readonly input: {
      readonly project: string
      readonly slug: string
      readonly kind: string
      readonly program: string
      readonly owner: string
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly kind: string
      readonly program: string
      readonly project: string
      readonly owner: string
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      readonly state: "draft" | "active" | "retired"
    }
  }
  /** List twins, with the names of who answers for them. */
  readonly 'twin:list': {
    readonly input: {
      readonly project?: string
      readonly twin?: string
      readonly owner?: string
      readonly state?: "draft" | "active" | "retired"
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly slug: string
        readonly kind: string
        readonly program: string
        readonly project: string
        readonly owner: string
        readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
        readonly state: "draft" | "active" | "retired"
        readonly projectName: string | null
        readonly ownerName: string | null
        readonly scenarios: number
        readonly createdAt: string
      }[]
      readonly next: string | null
    }
  }
  /** Retire a twin: its live runs end at once and nothing of it runs again. */
  readonly 'twin:retire': {
    readonly input: {
      readonly twin: string
    }
    readonly output: {
      readonly id: string
      readonly ended: { readonly [name: string]: number }
    }
  }
  /** Show a twin: who answers for it, the versions of its scenarios, what they may touch where, whether it is privileged. */
  readonly 'twin:show': {
    readonly input: {
      readonly twin: string
    }
    readonly output: {
      readonly id: string
      readonly slug: string
      readonly kind: string
      readonly program: string
      readonly project: string
      readonly owner: string
      readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
      readonly state: "draft" | "active" | "retired"
      readonly projectName: string | null
      readonly ownerName: string | null
      readonly createdAt: string
      readonly scenarios: readonly {
        readonly slug: string
        readonly newest: number
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly digest: string
          readonly author: string
          readonly authorName: string | null
          readonly createdAt: string
        }[]
      }[]
      readonly truncated: boolean
      readonly connections: readonly {
        readonly slug: string
        readonly scenarios: readonly string[]
        readonly environments: readonly {
          readonly id: string
          readonly environment: string
          readonly environmentSlug: string
          readonly environmentClass: "sandbox" | "staging" | "preproduction" | "production"
          readonly access: "read" | "write" | "control"
          readonly sensitivity: "public" | "internal" | "confidential" | "restricted"
          readonly state: "active" | "suspended"
          readonly owner: string
          readonly ownerName: string | null
          readonly counterpart: string | null
          readonly counterpartName: string | null
        }[]
      }[]
      readonly privileged: {
        readonly is: boolean
        readonly because: readonly string[]
      }
    }
  }
  /** Register a pipeline, agent or service with its own public key. */
  readonly 'workload:create': {
    readonly input: {
      readonly kind: "pipeline" | "agent" | "service"
      readonly slug: string
      readonly environment: string
      readonly owner: string
      readonly clearance?: "public" | "internal" | "confidential" | "restricted"
      readonly jwk: {
        readonly kty: "EC"
        readonly crv: "P-256"
        readonly x: string
        readonly y: string
        readonly kid?: string
        readonly alg?: "ES256"
        readonly use?: string
      }
    }
    readonly output: {
      readonly id: string
      readonly kind: "pipeline" | "agent" | "service"
      readonly slug: string
      readonly environment: string
      readonly owner: string
      readonly state: "pending" | "active" | "suspended" | "ended"
      readonly spiffeId: string
      readonly thumbprint: string | null
      readonly former: {
        readonly thumbprint: string
        readonly until: string
      } | null
      readonly expiresAt: string | null
    }
  }
  /** List pipelines, agents and services with their owners and keys. */
  readonly 'workload:list': {
    readonly input: {
      readonly limit?: number
      readonly after?: string
    }
    readonly output: {
      readonly items: readonly {
        readonly id: string
        readonly kind: "pipeline" | "agent" | "service"
        readonly slug: string
        readonly environment: string
        readonly owner: string
        readonly state: "pending" | "active" | "suspended" | "ended"
        readonly spiffeId: string
        readonly thumbprint: string | null
        readonly former: {
          readonly thumbprint: string
          readonly until: string
        } | null
        readonly expiresAt: string | null
      }[]
      readonly next: string | null
    }
  }
  /** Bring the next key of a workload: as the workload, or as its owner. The one before stays good for some hours, then it gets no token any more. */
  readonly 'workload:rotate': {
    readonly input: {
      readonly workload: string
      readonly jwk: {
        readonly kty: "EC"
        readonly crv: "P-256"
        readonly x: string
        readonly y: string
        readonly kid?: string
        readonly alg?: "ES256"
        readonly use?: string
      }
      readonly overlapHours?: number
    }
    readonly output: {
      readonly id: string
      readonly thumbprint: string
      readonly former: string | null
      readonly formerUntil: string
      readonly tokensEnded: number
    }
  }
  /** Show a workload: who answers for it, its keys and until when they are good, and how many of its tokens hold. Its owner without a role. */
  readonly 'workload:show': {
    readonly input: {
      readonly workload: string
    }
    readonly output: {
      readonly id: string
      readonly kind: "pipeline" | "agent" | "service"
      readonly slug: string
      readonly environment: string
      readonly owner: string
      readonly state: "pending" | "active" | "suspended" | "ended"
      readonly spiffeId: string
      readonly thumbprint: string | null
      readonly former: {
        readonly thumbprint: string
        readonly until: string
      } | null
      readonly expiresAt: string | null
      readonly ownerName: string | null
      readonly environmentSlug: string
      readonly environmentClass: "sandbox" | "staging" | "preproduction" | "production"
      readonly clearance: "public" | "internal" | "confidential" | "restricted"
      readonly createdAt: string
      readonly broughtBy: {
        readonly id: string
        readonly name: string | null
      } | null
      readonly promotion: string | null
      readonly tokens: number
    }
  }
  /** Stop a workload: its tokens end at once, it gets no new ones, and the live runs that it started end. */
  readonly 'workload:suspend': {
    readonly input: {
      readonly workload: string
    }
    readonly output: {
      readonly id: string
      readonly tokensEnded: number
      readonly ended: { readonly [name: string]: number }
    }
  }
}

/** Where each action is served: method, path and effect. */
export const routes: Readonly<Record<keyof Actions, readonly [method: 'GET' | 'POST', path: string, effect: string]>> = {
  'access:blast': ['GET', '/v1/access/blast', 'content'],
  'access:check': ['POST', '/v1/access/check', 'read'],
  'access:engine': ['GET', '/v1/access/engine', 'read'],
  'access:evaluate': ['POST', '/v1/access/evaluate', 'read'],
  'access:explain': ['POST', '/v1/access/explain', 'read'],
  'access:matrix': ['GET', '/v1/access/matrix', 'read'],
  'access:paths': ['GET', '/v1/access/paths', 'content'],
  'access:search': ['POST', '/v1/access/search', 'read'],
  'access:whatif': ['POST', '/v1/access/whatif', 'read'],
  'archive:create': ['POST', '/v1/archives', 'change'],
  'archive:delete': ['POST', '/v1/archives/{archive}/delete', 'change'],
  'archive:fetch': ['GET', '/v1/archives/{archive}/fetch', 'content'],
  'archive:list': ['GET', '/v1/archives', 'read'],
  'artifact:export': ['POST', '/v1/artifacts/{artifact}/export', 'consequence'],
  'artifact:list': ['GET', '/v1/artifacts', 'read'],
  'artifact:pull': ['POST', '/v1/artifacts/pull', 'consequence'],
  'artifact:read': ['GET', '/v1/artifacts/{artifact}/read', 'content'],
  'artifact:show': ['GET', '/v1/artifacts/{artifact}', 'content'],
  'asset:add': ['POST', '/v1/assets/add', 'change'],
  'asset:list': ['GET', '/v1/assets', 'read'],
  'asset:read': ['GET', '/v1/assets/{asset}/read', 'content'],
  'asset:show': ['GET', '/v1/assets/{asset}', 'read'],
  'attention:list': ['GET', '/v1/attentions', 'read'],
  'batch:end': ['POST', '/v1/batches/{batch}/end', 'change'],
  'batch:launch': ['POST', '/v1/batches/launch', 'change'],
  'batch:list': ['GET', '/v1/batches', 'read'],
  'batch:show': ['GET', '/v1/batches/{batch}', 'read'],
  'conflict:declare': ['POST', '/v1/conflicts/declare', 'change'],
  'conflict:end': ['POST', '/v1/conflicts/end', 'change'],
  'conflict:list': ['GET', '/v1/conflicts', 'read'],
  'conflict:preview': ['GET', '/v1/conflicts/preview', 'read'],
  'connection:create': ['POST', '/v1/connections', 'change'],
  'connection:list': ['GET', '/v1/connections', 'read'],
  'connection:resume': ['POST', '/v1/connections/{connection}/resume', 'change'],
  'connection:rotate': ['POST', '/v1/connections/{connection}/rotate', 'change'],
  'connection:suspend': ['POST', '/v1/connections/{connection}/suspend', 'change'],
  'directory:create': ['POST', '/v1/directories', 'change'],
  'directory:deliveries': ['GET', '/v1/directories/{directory}/deliveries', 'read'],
  'directory:list': ['GET', '/v1/directories', 'read'],
  'directory:reconcile': ['GET', '/v1/directories/{directory}/reconcile', 'read'],
  'directory:retire': ['POST', '/v1/directories/{directory}/retire', 'change'],
  'directory:rotate-token': ['POST', '/v1/directories/{directory}/rotate-token', 'change'],
  'directory:show': ['GET', '/v1/directories/{directory}', 'read'],
  'domain:claim': ['POST', '/v1/domains/claim', 'change'],
  'domain:list': ['GET', '/v1/domains', 'read'],
  'domain:release': ['POST', '/v1/domains/{domain}/release', 'change'],
  'domain:verify': ['POST', '/v1/domains/{domain}/verify', 'change'],
  'engagement:add': ['POST', '/v1/engagements/{engagement}/add', 'change'],
  'engagement:confirm': ['POST', '/v1/engagements/{engagement}/confirm', 'change'],
  'engagement:create': ['POST', '/v1/engagements', 'change'],
  'engagement:end': ['POST', '/v1/engagements/{engagement}/end', 'change'],
  'engagement:extend': ['POST', '/v1/engagements/{engagement}/extend', 'change'],
  'engagement:list': ['GET', '/v1/engagements', 'read'],
  'engagement:show': ['GET', '/v1/engagements/{engagement}', 'read'],
  'engagement:sponsor': ['POST', '/v1/engagements/{engagement}/sponsor', 'change'],
  'engagement:suspend': ['POST', '/v1/engagements/{engagement}/suspend', 'change'],
  'environment:create': ['POST', '/v1/environments', 'change'],
  'environment:list': ['GET', '/v1/environments', 'read'],
  'example:add': ['POST', '/v1/examples/add', 'change'],
  'example:list': ['GET', '/v1/examples', 'read'],
  'example:remove': ['POST', '/v1/examples/{example}/remove', 'change'],
  'grant:break-glass': ['POST', '/v1/grants/break-glass', 'change'],
  'grant:broken-glass': ['GET', '/v1/grants/broken-glass', 'read'],
  'grant:create': ['POST', '/v1/grants', 'change'],
  'grant:list': ['GET', '/v1/grants', 'read'],
  'grant:preview': ['GET', '/v1/grants/preview', 'read'],
  'grant:review': ['POST', '/v1/grants/{grant}/review', 'change'],
  'grant:revoke': ['POST', '/v1/grants/{grant}/revoke', 'change'],
  'grant:show': ['GET', '/v1/grants/{grant}', 'read'],
  'group:add': ['POST', '/v1/groups/{group}/add', 'change'],
  'group:create': ['POST', '/v1/groups', 'change'],
  'group:list': ['GET', '/v1/groups', 'read'],
  'group:members': ['GET', '/v1/groups/{group}/members', 'read'],
  'group:remove': ['POST', '/v1/groups/{group}/remove', 'change'],
  'group:show': ['GET', '/v1/groups/{group}', 'read'],
  'guardrail:activate': ['POST', '/v1/guardrails/{guardrail}/activate', 'change'],
  'guardrail:change': ['POST', '/v1/guardrails/{guardrail}/change', 'change'],
  'guardrail:create': ['POST', '/v1/guardrails', 'change'],
  'guardrail:list': ['GET', '/v1/guardrails', 'read'],
  'guardrail:retire': ['POST', '/v1/guardrails/{guardrail}/retire', 'change'],
  'guardrail:show': ['GET', '/v1/guardrails/{guardrail}', 'read'],
  'guardrail:try': ['POST', '/v1/guardrails/{guardrail}/try', 'read'],
  'guest:accept': ['POST', '/v1/guests/{guest}/accept', 'change'],
  'guest:end': ['POST', '/v1/guests/{guest}/end', 'change'],
  'guest:extend': ['POST', '/v1/guests/{guest}/extend', 'change'],
  'guest:invite': ['POST', '/v1/guests/invite', 'change'],
  'guest:list': ['GET', '/v1/guests', 'read'],
  'guest:show': ['GET', '/v1/guests/{guest}', 'read'],
  'guest:sponsor': ['POST', '/v1/guests/{guest}/sponsor', 'change'],
  'key:list': ['GET', '/v1/keys', 'read'],
  'key:retire': ['POST', '/v1/keys/{key}/retire', 'change'],
  'key:rotate': ['POST', '/v1/keys/rotate', 'change'],
  'ledger:export': ['GET', '/v1/ledger/export', 'content'],
  'ledger:list': ['GET', '/v1/ledger', 'content'],
  'ledger:receipt': ['GET', '/v1/ledger/{entry}/receipt', 'content'],
  'ledger:show': ['GET', '/v1/ledger/{entry}', 'content'],
  'ledger:tile': ['GET', '/v1/ledger/tile', 'content'],
  'ledger:trace': ['GET', '/v1/ledger/trace', 'content'],
  'link:accept': ['POST', '/v1/links/{link}/accept', 'change'],
  'link:create': ['POST', '/v1/links', 'change'],
  'link:list': ['GET', '/v1/links', 'read'],
  'link:purpose': ['GET', '/v1/links/purpose', 'read'],
  'link:revoke': ['POST', '/v1/links/{link}/revoke', 'change'],
  'link:show': ['GET', '/v1/links/{link}', 'read'],
  'mapping:change': ['POST', '/v1/mappings/{mapping}/change', 'change'],
  'mapping:create': ['POST', '/v1/mappings', 'change'],
  'mapping:list': ['GET', '/v1/mappings', 'read'],
  'mapping:preview': ['POST', '/v1/mappings/preview', 'read'],
  'mapping:retire': ['POST', '/v1/mappings/{mapping}/retire', 'change'],
  'mapping:show': ['GET', '/v1/mappings/{mapping}', 'read'],
  'organization:change-settings': ['POST', '/v1/organizations/change-settings', 'change'],
  'organization:confirm-deletion': ['POST', '/v1/organizations/confirm-deletion', 'change'],
  'organization:delete': ['POST', '/v1/organizations/delete', 'change'],
  'organization:export': ['GET', '/v1/organizations/export', 'content'],
  'organization:keep': ['POST', '/v1/organizations/keep', 'change'],
  'organization:require-sso': ['POST', '/v1/organizations/require-sso', 'change'],
  'organization:settings': ['GET', '/v1/organizations/settings', 'read'],
  'organization:sign-in': ['GET', '/v1/organizations/sign-in', 'read'],
  'organization:step-up': ['POST', '/v1/organizations/step-up', 'change'],
  'ownership:accept': ['POST', '/v1/ownerships/accept', 'change'],
  'ownership:decline': ['POST', '/v1/ownerships/decline', 'change'],
  'ownership:fallbacks': ['GET', '/v1/ownerships/fallbacks', 'read'],
  'ownership:list': ['GET', '/v1/ownerships', 'read'],
  'ownership:offer': ['POST', '/v1/ownerships/offer', 'change'],
  'ownership:set-fallback': ['POST', '/v1/ownerships/set-fallback', 'change'],
  'ownership:withdraw': ['POST', '/v1/ownerships/withdraw', 'change'],
  'passkey:add': ['POST', '/v1/passkeys/add', 'change'],
  'passkey:offer': ['GET', '/v1/passkeys/offer', 'read'],
  'passkey:remove': ['POST', '/v1/passkeys/{passkey}/remove', 'change'],
  'passkey:rename': ['POST', '/v1/passkeys/{passkey}/rename', 'change'],
  'person:break-glass': ['POST', '/v1/people/{person}/break-glass', 'change'],
  'person:change': ['POST', '/v1/people/{person}/change', 'change'],
  'person:change-address': ['POST', '/v1/people/{person}/change-address', 'change'],
  'person:create': ['POST', '/v1/people', 'change'],
  'person:erase': ['POST', '/v1/people/{person}/erase', 'change'],
  'person:hand-over': ['POST', '/v1/people/hand-over', 'change'],
  'person:leaving': ['GET', '/v1/people/{person}/leaving', 'read'],
  'person:link': ['POST', '/v1/people/{person}/link', 'change'],
  'person:list': ['GET', '/v1/people', 'read'],
  'person:offboard': ['POST', '/v1/people/{person}/offboard', 'change'],
  'person:passkeys': ['GET', '/v1/people/{person}/passkeys', 'read'],
  'person:recovery-codes': ['POST', '/v1/people/recovery-codes', 'change'],
  'person:sessions': ['GET', '/v1/people/{person}/sessions', 'read'],
  'person:show': ['GET', '/v1/people/{person}', 'read'],
  'position:change': ['POST', '/v1/positions/{position}/change', 'change'],
  'position:create': ['POST', '/v1/positions', 'change'],
  'position:list': ['GET', '/v1/positions', 'read'],
  'position:preview': ['POST', '/v1/positions/{position}/preview', 'read'],
  'position:retire': ['POST', '/v1/positions/{position}/retire', 'change'],
  'position:show': ['GET', '/v1/positions/{position}', 'read'],
  'project:create': ['POST', '/v1/projects', 'change'],
  'project:list': ['GET', '/v1/projects', 'read'],
  'project:show': ['GET', '/v1/projects/{project}', 'read'],
  'promotion:approve': ['POST', '/v1/promotions/{promotion}/approve', 'change'],
  'promotion:check': ['POST', '/v1/promotions/{promotion}/check', 'change'],
  'promotion:cross': ['POST', '/v1/promotions/{promotion}/cross', 'consequence'],
  'promotion:deciders': ['GET', '/v1/promotions/{promotion}/deciders', 'content'],
  'promotion:foresee': ['GET', '/v1/promotions/{promotion}/foresee', 'content'],
  'promotion:list': ['GET', '/v1/promotions', 'read'],
  'promotion:reject': ['POST', '/v1/promotions/{promotion}/reject', 'change'],
  'promotion:request': ['POST', '/v1/promotions/request', 'change'],
  'promotion:roll-back': ['POST', '/v1/promotions/{promotion}/roll-back', 'consequence'],
  'promotion:show': ['GET', '/v1/promotions/{promotion}', 'content'],
  'request:approve': ['POST', '/v1/requests/{request}/approve', 'change'],
  'request:create': ['POST', '/v1/requests', 'change'],
  'request:deny': ['POST', '/v1/requests/{request}/deny', 'change'],
  'request:list': ['GET', '/v1/requests', 'read'],
  'request:preview': ['POST', '/v1/requests/preview', 'read'],
  'request:show': ['GET', '/v1/requests/{request}', 'read'],
  'request:withdraw': ['POST', '/v1/requests/{request}/withdraw', 'change'],
  'role:change': ['POST', '/v1/roles/{role}/change', 'change'],
  'role:create': ['POST', '/v1/roles', 'change'],
  'role:list': ['GET', '/v1/roles', 'read'],
  'role:retire': ['POST', '/v1/roles/{role}/retire', 'change'],
  'role:show': ['GET', '/v1/roles/{role}', 'read'],
  'run:abandon': ['POST', '/v1/runs/{run}/abandon', 'change'],
  'run:cancel': ['POST', '/v1/runs/{run}/cancel', 'change'],
  'run:credential': ['POST', '/v1/runs/{run}/credential', 'change'],
  'run:freeze': ['POST', '/v1/runs/{run}/freeze', 'change'],
  'run:launch': ['POST', '/v1/runs/launch', 'change'],
  'run:list': ['GET', '/v1/runs', 'read'],
  'run:output': ['GET', '/v1/runs/{run}/output', 'content'],
  'run:outputs': ['GET', '/v1/runs/{run}/outputs', 'content'],
  'run:read': ['GET', '/v1/runs/{run}/read', 'content'],
  'run:show': ['GET', '/v1/runs/{run}', 'read'],
  'run:tape': ['GET', '/v1/runs/{run}/tape', 'content'],
  'run:thaw': ['POST', '/v1/runs/{run}/thaw', 'change'],
  'scenario:list': ['GET', '/v1/scenarios', 'read'],
  'scenario:preview': ['GET', '/v1/scenarios/{scenario}/preview', 'content'],
  'scenario:publish': ['POST', '/v1/scenarios/publish', 'change'],
  'scenario:show': ['GET', '/v1/scenarios/{scenario}', 'content'],
  'session:create': ['POST', '/v1/sessions', 'change'],
  'session:end': ['POST', '/v1/sessions/end', 'change'],
  'session:revoke': ['POST', '/v1/sessions/{session}/revoke', 'change'],
  'session:show': ['GET', '/v1/sessions', 'read'],
  'sso:change': ['POST', '/v1/ssos/{sso}/change', 'change'],
  'sso:create': ['POST', '/v1/ssos', 'change'],
  'sso:create-saml': ['POST', '/v1/ssos/create-saml', 'change'],
  'sso:list': ['GET', '/v1/ssos', 'read'],
  'sso:retire': ['POST', '/v1/ssos/{sso}/retire', 'change'],
  'sso:show': ['GET', '/v1/ssos/{sso}', 'read'],
  'sso:test': ['GET', '/v1/ssos/{sso}/test', 'read'],
  'sso:try': ['GET', '/v1/ssos/{sso}/try', 'read'],
  'twin:create': ['POST', '/v1/twins', 'change'],
  'twin:list': ['GET', '/v1/twins', 'read'],
  'twin:retire': ['POST', '/v1/twins/{twin}/retire', 'change'],
  'twin:show': ['GET', '/v1/twins/{twin}', 'content'],
  'workload:create': ['POST', '/v1/workloads', 'change'],
  'workload:list': ['GET', '/v1/workloads', 'read'],
  'workload:rotate': ['POST', '/v1/workloads/{workload}/rotate', 'change'],
  'workload:show': ['GET', '/v1/workloads/{workload}', 'read'],
  'workload:suspend': ['POST', '/v1/workloads/{workload}/suspend', 'change'],
}
