// The door of `identity`: who. Organizations, people and groups, signing in, sessions, directories, admin links, who leaves.
import { acceptAdminLink, createAdminLink, listAdminLinks, revokeAdminLink, showAdminLink, showPurpose } from './actions/admin-link.ts'
import { createDirectory, listDirectories, retireDirectory, rotateDirectoryToken, showDirectory } from './actions/directory.ts'
import { findDirectoryResources } from './actions/directory-find.ts'
import {
  createDirectoryGroup,
  findDirectoryGroups,
  patchDirectoryGroup,
  removeDirectoryGroup,
  replaceDirectoryGroup,
  showDirectoryGroup,
} from './actions/directory-group.ts'
import { listDeliveries, pruneDeliveries, reconcileDirectory } from './actions/directory-log.ts'
import {
  createDirectoryUser,
  createUsersTogether,
  findDirectoryUsers,
  patchDirectoryUser,
  removeDirectoryUser,
  replaceDirectoryUser,
  showDirectoryUser,
} from './actions/directory-user.ts'
import { claimDomain, listDomains, releaseDomain, verifyDomain } from './actions/domain.ts'
import { recheckDomains } from './actions/domain-recheck.ts'
import { addToGroup, createGroup, removeFromGroup } from './actions/group.ts'
import { listGroupMembers, listGroups, showGroup } from './actions/group-look.ts'
import { changeSettings, showSettings } from './actions/organization-settings.ts'
import { addPasskey, listPasskeys, offerPasskey, removePasskey, renamePasskey, suspendPasskey } from './actions/passkey.ts'
import { breakGlass, changePerson, createPerson, linkPerson, offboardPerson } from './actions/person.ts'
import { changeAddress } from './actions/person-address.ts'
import { renewRecoveryCodes } from './actions/recovery.ts'
import { createSession, endSession, recordRefusals, showSession } from './actions/session.ts'
import { listSessions, revokeSession } from './actions/session-list.ts'
import { requireSso, requireStepUp, showSignInRules } from './actions/sign-in-rules.ts'
import { changeSso, createSso, listSso, retireSso, showSso, testSso } from './actions/sso.ts'
import { createSamlSso } from './actions/sso-saml.ts'
import { linkSubject, signOutByProvider } from './actions/sso-sign-in.ts'
import { trySso } from './actions/sso-try.ts'

/** What is done to several at once, by the name of its action. */
export const identityTogether = { [createDirectoryUser.name]: createUsersTogether } as const

/** What `identity` can do. */
export const identityActions = [
  createPerson,
  changePerson,
  changeAddress,
  linkPerson,
  breakGlass,
  offboardPerson,
  createGroup,
  listGroups,
  showGroup,
  listGroupMembers,
  addToGroup,
  removeFromGroup,
  createSession,
  showSession,
  endSession,
  listSessions,
  revokeSession,
  offerPasskey,
  addPasskey,
  listPasskeys,
  renamePasskey,
  removePasskey,
  suspendPasskey,
  renewRecoveryCodes,
  createSso,
  createSamlSso,
  listSso,
  showSso,
  changeSso,
  retireSso,
  testSso,
  trySso,
  linkSubject,
  signOutByProvider,
  createAdminLink,
  listAdminLinks,
  showAdminLink,
  showPurpose,
  revokeAdminLink,
  acceptAdminLink,
  claimDomain,
  verifyDomain,
  listDomains,
  releaseDomain,
  recheckDomains,
  showSettings,
  changeSettings,
  requireSso,
  requireStepUp,
  showSignInRules,
  recordRefusals,
  createDirectory,
  listDirectories,
  showDirectory,
  rotateDirectoryToken,
  retireDirectory,
  listDeliveries,
  pruneDeliveries,
  reconcileDirectory,
  createDirectoryUser,
  replaceDirectoryUser,
  patchDirectoryUser,
  removeDirectoryUser,
  showDirectoryUser,
  findDirectoryUsers,
  createDirectoryGroup,
  replaceDirectoryGroup,
  patchDirectoryGroup,
  removeDirectoryGroup,
  showDirectoryGroup,
  findDirectoryGroups,
  findDirectoryResources,
] as const
export { graceDays, requestMinutes } from './actions/organization-settings.ts'
export { personType } from './actions/person.ts'
export { callerEntity, sessionType } from './actions/session.ts'
export { adminLinkOf, adminLinksOfPeople } from './admin-link/links.ts'
export { type Bound, boundsOf, isInForce } from './bounded.ts'
export { deletionOf, requireGoing } from './closing.ts'
export { countOf } from './count-of.ts'
export type { Dependents, Losing } from './dependents.ts'
export type { Entitlements, HeldGrant, Slugs } from './entitlements.ts'
export type { IdentityErrorCode } from './error-codes.ts'
export { type Followed, type Following, nothingFollowed, type Said } from './following.ts'
export { findInput, isFoundBy } from './found-by.ts'
export type { Giving } from './giving.ts'
export {
  findGroup,
  groupsAbove,
  groupType,
  requireNoCircle,
  selfAndGroups,
  selfAndMembers,
  selvesAndBelow,
  standingBehind,
  workloadsBroughtBy,
} from './groups.ts'
export type { Becomes, Held, Holder, Leaver } from './holders.ts'
export { type Because, type Ended, endPerson, waysIn } from './leave.ts'
export { membershipsOfPeople } from './memberships.ts'
export { findPerson, hereAmong, isHereAt, personOutput, requireActivePerson, shownPerson } from './people.ts'
export type { Administrators } from './scim/administrators.ts'
export { type Attribute, commonAttributes, groupKind, type ResourceKind, type Schema, userKind } from './scim/attributes.ts'
export { directoryOfToken } from './scim/directories.ts'
export type { DirectoryErrorCode } from './scim/error-codes.ts'
export { type Filter, filterCharactersMax, parseFilter, parsePath } from './scim/filter.ts'
export { pageResourcesMax } from './scim/find.ts'
export {
  type Attributes,
  attributesSaid,
  comparable,
  type Described,
  describedPeople,
  type MappingAttribute,
  mappingAttributes,
} from './scim/mapped-attributes.ts'
export { readMembers } from './scim/members.ts'
export { readOperations } from './scim/patch.ts'
export { readValue } from './scim/read-document.ts'
export type { DirectoryTable } from './scim/tables.ts'
export { organizationOfSecret, type SecretKind } from './secret-token.ts'
export { linkTtlSeconds, personOfLink, personOfSession, personOfSignIn, personPrincipal } from './session.ts'
export { findSso, settingsOf } from './sign-in/connection.ts'
export { lapsesAt } from './sign-in/domains.ts'
export type { SignInErrorCode } from './sign-in/error-codes.ts'
export { domainOf } from './sign-in/match.ts'
export { challengeSeconds, holderIn, passkeyPlace, requireNamedPlace } from './sign-in/passkeys.ts'
export type {
  ClientAuthentication,
  IdentityProvider,
  NewPasskey,
  PasskeyPlace,
  Passkeys,
  ProviderAnswer,
  ProviderLook,
  ProviderSettings,
  ProviderSignOut,
  RegisteredPasskey,
  SamlAnswer,
  SamlCertificate,
  SamlMetadata,
  SamlProvider,
  SamlQuestion,
  SamlSettings,
  SamlSignedOut,
  SamlSignOut,
  SamlSignOutWish,
  SealedPurpose,
  SignInQuestion,
  SignInSeal,
  TextRecords,
  UsedPasskey,
} from './sign-in/ports.ts'
export {
  attemptName,
  isSpent,
  linkedPerson,
  type OwnProof,
  type ProviderProof,
  proveOwn,
  proveSignIn,
  replayed,
  type SignInProof,
} from './sign-in/proof.ts'
export { hashRecoveryCode } from './sign-in/recovery-codes.ts'
export { certificateWarningMs, lastCertificateEnd, samlOf, samlSettingsOf } from './sign-in/saml.ts'
export type { SsoRow } from './sign-in/tables.ts'
export { makerNow, type TrialMaker, trialMaker, trialSeconds, type WouldBe, wouldBe } from './sign-in/trial.ts'
export type {
  ArchiveTable,
  EngagementMemberTable,
  EngagementTable,
  GroupMemberTable,
  GroupTable,
  GuestTable,
  OrganizationTable,
  PersonTable,
  SessionTable,
  WorkloadTable,
} from './tables.ts'
export type { WorkloadStop } from './workload-stop.ts'
