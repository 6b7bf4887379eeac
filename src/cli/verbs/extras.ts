// The verbs that need more than their flags and a table, by the name of their action.
import type { VerbExtra } from '../command.ts'
import { accessCheck, accessExplain, accessMatrix, accessWhatif } from './access-ask.ts'
import { accessBlast } from './access-blast.ts'
import { accessPaths } from './access-paths.ts'
import { artifactPull, artifactRead, artifactShow } from './artifact.ts'
import { assetAdd, scenarioPublish } from './inputs.ts'
import { personLeaving } from './leaving.ts'
import { ledgerExport } from './ledger-export.ts'
import { ledgerTrace } from './ledger-trace.ts'
import { organizationExport } from './organization-export.ts'
import { promotionApprove, promotionCross, promotionReject, promotionRollBack } from './promotion-decide.ts'
import { promotionShow } from './promotion-show.ts'
import { promotionProveKey } from './prove-key.ts'
import { grantBreakGlass, requestCreate, requestPreview, requestShow } from './request.ts'
import { runCancel, runFreeze, runLaunch, runShow, runTape, runThaw } from './run.ts'

const extras: Readonly<Record<string, VerbExtra>> = {
  'access:blast': accessBlast,
  'access:check': accessCheck,
  'access:explain': accessExplain,
  'access:matrix': accessMatrix,
  'access:paths': accessPaths,
  'access:whatif': accessWhatif,
  'artifact:pull': artifactPull,
  'artifact:read': artifactRead,
  'artifact:show': artifactShow,
  'asset:add': assetAdd,
  'grant:break-glass': grantBreakGlass,
  'ledger:export': ledgerExport,
  'ledger:trace': ledgerTrace,
  'organization:export': organizationExport,
  'person:leaving': personLeaving,
  'person:link': { next: () => ['The link is <server>/login#<token>: `twinlock login` takes it, or the token alone.'] },
  'promotion:approve': promotionApprove,
  'promotion:check': promotionShow,
  'promotion:cross': promotionCross,
  'promotion:prove-key': promotionProveKey,
  'promotion:reject': promotionReject,
  'promotion:roll-back': promotionRollBack,
  'promotion:show': promotionShow,
  'promotion:request': {
    next: (answer) => [
      `Next: twinlock promotion prove-key ${String(answer.id)} --service-key <file>, then twinlock promotion check ${String(answer.id)}`,
    ],
  },
  'request:approve': requestShow,
  'request:create': requestCreate,
  'request:preview': requestPreview,
  'request:show': requestShow,
  'run:cancel': runCancel,
  'run:freeze': runFreeze,
  'run:launch': runLaunch,
  'run:show': runShow,
  'run:tape': runTape,
  'run:thaw': runThaw,
  'scenario:publish': scenarioPublish,
}

/** What a verb does beyond the generic; nothing for most. */
export function extraOf(action: string): VerbExtra {
  return extras[action] ?? {}
}

/** The actions that have extras; a test holds them to the catalogue. */
export const extraActions: readonly string[] = Object.keys(extras)
