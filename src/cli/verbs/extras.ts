// The verbs that need more than their flags and a table, by the name of their action.
import type { VerbExtra } from '../command.ts'
import { safe } from '../print/paint.ts'
import { accessCheck, accessExplain, accessMatrix } from './access-ask.ts'
import { accessBlast } from './access-blast.ts'
import { accessPaths } from './access-paths.ts'
import { accessWhatif } from './access-whatif.ts'
import { artifactPull, artifactRead, artifactShow } from './artifact.ts'
import { attentionList } from './attention.ts'
import { batchEnd, batchLaunch, batchList, batchShow } from './batch.ts'
import { conflictPreview } from './conflicts.ts'
import { directoryDeliveries, directoryList, directoryReconcile, directoryShow, directoryToken } from './directories.ts'
import { domainList, domainShow } from './domains.ts'
import { grantBreakGlass, grantCreate, grantList, grantPreview, grantShow } from './grants.ts'
import { engagementEnd, engagementList, engagementShow, guestEnd, guestInvite, guestList, guestShow } from './guests.ts'
import { assetAdd, scenarioPublish } from './inputs.ts'
import { personLeaving } from './leaving.ts'
import { ledgerExport } from './ledger-export.ts'
import { ledgerTrace } from './ledger-trace.ts'
import { foretoldShow, mappingList, mappingShow, positionCreate, positionList, positionShow } from './mappings.ts'
import { organizationExport } from './organization-export.ts'
import { ownershipAccept, ownershipDecline, ownershipList, ownershipOffer, ownershipWithdraw, personHandOver } from './ownership.ts'
import { groupChanged, groupList, groupMembers, groupShow, personCreate, personList, personOffboard, personShow } from './people.ts'
import { promotionApprove, promotionCross, promotionReject, promotionRollBack } from './promotion-decide.ts'
import { promotionShow } from './promotion-show.ts'
import { promotionProveKey } from './prove-key.ts'
import { requestCreate, requestList, requestPreview, requestShow } from './request.ts'
import { runCancel, runFreeze, runLaunch, runShow, runTape, runThaw } from './run.ts'
import { runRead } from './run-read.ts'
import { personPasskeys, personSessions } from './sign-ins.ts'
import { workloadCreate } from './workload-create.ts'
import { workloadRotate } from './workload-rotate.ts'

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
  'attention:list': attentionList,
  'batch:end': batchEnd,
  'batch:launch': batchLaunch,
  'batch:list': batchList,
  'batch:show': batchShow,
  'conflict:preview': conflictPreview,
  'directory:create': directoryToken,
  'directory:deliveries': directoryDeliveries,
  'directory:list': directoryList,
  'directory:reconcile': directoryReconcile,
  'directory:rotate-token': directoryToken,
  'directory:show': directoryShow,
  'domain:claim': domainShow,
  'domain:list': domainList,
  'domain:verify': domainShow,
  'engagement:add': engagementShow,
  'engagement:confirm': engagementShow,
  'engagement:create': engagementShow,
  'engagement:end': engagementEnd,
  'engagement:extend': engagementShow,
  'engagement:list': engagementList,
  'engagement:show': engagementShow,
  'engagement:sponsor': engagementShow,
  'engagement:suspend': engagementShow,
  'grant:break-glass': grantBreakGlass,
  'grant:create': grantCreate,
  'grant:list': grantList,
  'grant:preview': grantPreview,
  'grant:revoke': grantShow,
  'grant:show': grantShow,
  'group:add': groupChanged,
  'group:create': groupChanged,
  'group:list': groupList,
  'group:members': groupMembers,
  'group:remove': groupChanged,
  'group:show': groupShow,
  'guest:accept': guestShow,
  'guest:end': guestEnd,
  'guest:extend': guestShow,
  'guest:invite': guestInvite,
  'guest:list': guestList,
  'guest:show': guestShow,
  'guest:sponsor': guestShow,
  'ledger:export': ledgerExport,
  'ledger:trace': ledgerTrace,
  'mapping:change': mappingShow,
  'mapping:create': mappingShow,
  'mapping:list': mappingList,
  'mapping:preview': foretoldShow,
  'mapping:retire': mappingShow,
  'mapping:show': mappingShow,
  'organization:delete': {
    next: () => [
      'Nothing ends yet. Another administrator confirms it: twinlock organization confirm-deletion',
      'Or it is taken back: twinlock organization keep',
    ],
  },
  'organization:export': organizationExport,
  'ownership:accept': ownershipAccept,
  'ownership:decline': ownershipDecline,
  'ownership:list': ownershipList,
  'ownership:offer': ownershipOffer,
  'ownership:withdraw': ownershipWithdraw,
  'person:create': personCreate,
  'person:hand-over': personHandOver,
  'person:leaving': personLeaving,
  'person:link': {
    next: ({ token }, { api }) => [
      `The link, to be opened in a browser or given to \`twinlock login\`: ${api.url}/login#${safe(String(token))}`,
    ],
  },
  'person:list': personList,
  'person:offboard': personOffboard,
  'person:passkeys': personPasskeys,
  'person:sessions': personSessions,
  'person:show': personShow,
  'position:change': positionShow,
  'position:create': positionCreate,
  'position:list': positionList,
  'position:preview': foretoldShow,
  'position:retire': positionShow,
  'position:show': positionShow,
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
  'request:list': requestList,
  'request:preview': requestPreview,
  'request:show': requestShow,
  'run:cancel': runCancel,
  'run:freeze': runFreeze,
  'run:launch': runLaunch,
  'run:read': runRead,
  'run:show': runShow,
  'run:tape': runTape,
  'run:thaw': runThaw,
  'scenario:publish': scenarioPublish,
  'workload:create': workloadCreate,
  'workload:rotate': workloadRotate,
}

/** What a verb does beyond the generic; nothing for most. */
export function extraOf(action: string): VerbExtra {
  return extras[action] ?? {}
}

/** The actions that have extras; a test holds them to the catalogue. */
export const extraActions: readonly string[] = Object.keys(extras)
