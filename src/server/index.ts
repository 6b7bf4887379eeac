// The door of `server`: the HTTP server, the rules that the command line and the documents share with it, and its readers for those who attack them.
export { traceOf } from './access-log-trace.ts'
export { parseJsonBody } from './body/json.ts'
export { coreOf, readQuery } from './body/query.ts'
export { createServer, type Server } from './create-server.ts'
export type {
  AccessLine,
  Broker,
  BrokerAnswer,
  BrokerRequest,
  Door,
  DoorAnswer,
  DoorRequest,
  FailureLine,
  Limits,
  Log,
  PublicKeys,
  ServerParts,
  SignIn,
  Stream,
  StreamEvent,
  Watch,
} from './door.ts'
export { defaultLimits } from './door.ts'
export type { ServerErrorCode } from './error-codes.ts'
export { type Explanation, explanationOf } from './explanations.ts'
export { type Counter, type Histogram, type Labels, Metrics, type Point, type Reading } from './metrics.ts'
export { openApi } from './openapi/document.ts'
export { type Exporter, type ExporterParts, startExporter } from './otlp/exporter.ts'
export { type OtlpSettings, otlpSettings } from './otlp/settings.ts'
export type { FieldProblem, Problem } from './problem.ts'
export { idFieldOf, pluralOf, type Route, routeOf, whyNoRoute } from './routes.ts'
export { errorCodes, isErrorCode, type StatusEntry, statusOf } from './status.ts'
export { readEvaluation, readEvaluations } from './wire/authzen-evaluation.ts'
export { readSearch } from './wire/authzen-search.ts'
export { heldSessions, readCookie } from './wire/console-cookies.ts'
