// The door of `app`: the composed product, for the servers and the command line.
export { evaluationsMax, semantics } from './actions/evaluate.ts'
export type { Broker, BrokerAnswer, BrokerCall } from './broker.ts'
export { catalogue } from './catalogue.ts'
export { compose, type Outside, type StorePort, type Twinlock } from './compose.ts'
export { createDecider, prepareDeciding } from './deciding.ts'
export { type Credential, readBearer } from './door/credential.ts'
export { Gather } from './door/gather.ts'
export type { Act, ActionRequest, Answer, Door } from './door/govern.ts'
export { parseInput } from './door/parse-input.ts'
export { type OpenedTwinlock, type OpenOptions, openTwinlock } from './open.ts'
export type { BegunSignIn, FinishedSignIn, SignIn } from './sign-in/sign-in.ts'
export { asPerson, type StarterPerson, starterPeople, withSecondAdministrator } from './starter/people.ts'
export { newestAssetText } from './starter/readings.ts'
export {
  type BareOrganization,
  type Starter,
  type StarterKeys,
  type StarterPlan,
  type StarterUpstreams,
  setUpAnother,
  setUpBare,
  setUpStarter,
} from './starter/set-up.ts'
export { type AssertionSigner, linksFor, tokenEndpoint, type WalkParts, walkMainJob, walkWarehouse } from './starter/walk.ts'
export type { Artifact, WalkedRun } from './starter/walked.ts'
export { type WarehousePlan, type WarehouseScenario, warehouseScenarios } from './starter/warehouse.ts'
export { type Step, stepsOf, type Watch } from './steps.ts'
export { type Backlog, readBacklog, type StoreLoad } from './store-load.ts'
export type { RunStream } from './watch/listener.ts'
export { readPlace, writePlace } from './watch/place-text.ts'
export type { RunEvent } from './watch/run-events.ts'
export type { ListenerLimits, RunWatch, WatchRequest } from './watch/watch-runs.ts'
