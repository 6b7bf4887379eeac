// The HTTP server: every governed route, the wire protocols and the open pages on one Fastify, behind limits. Trusts its parts; nothing of a request.
// Order matters where it says so: headers and log first, then bodies, then routes, and last what happens to other methods.
import { createServer as createNetServer, type Server as NetServer } from 'node:net'
import type { FastifyInstance, FastifyRequest, fastify } from 'fastify'
import { type Clock, fail } from '../kernel/index.ts'
import { accessLog } from './access-log.ts'
import { answerHeaders } from './answer-headers.ts'
import { backPressure } from './back-pressure.ts'
import { parseJsonBody } from './body/json.ts'
import { answerClientError } from './client-errors.ts'
import { defaultLimits, type Limits, type ServerParts } from './door.ts'
import { answerFailure, answerFailures, pathOf, refuseOtherMethods, watchRoutes } from './failures.ts'
import { governedRoutes } from './governed-routes.ts'
import { Metrics } from './metrics.ts'
import { metricsPage } from './metrics-page.ts'
import { countRequests, watchProcess } from './metrics-requests.ts'
import { RefusalLimit } from './refusal-limit.ts'
import { requestIdOf } from './request-id.ts'
import { authzen } from './wire/authzen.ts'
import { brokerCalls } from './wire/broker-calls.ts'
import { shownSecrets, usedSecret } from './wire/console-credential.ts'
import { consolePages } from './wire/console-pages.ts'
import { consoleSession } from './wire/console-session.ts'
import { issuerMetadata } from './wire/issuer-metadata.ts'
import { ownSignIn } from './wire/own-sign-in.ts'
import { pages } from './wire/pages.ts'
import { proveKey } from './wire/prove-key.ts'
import { runEvents } from './wire/run-events.ts'
import { scim } from './wire/scim.ts'
import { answerScimError, scimPath } from './wire/scim-answers.ts'
import { samlAnswers, singleSignOn, singleSignOnElsewhere, singleSignOut } from './wire/single-sign-on.ts'
import { tokenEndpoint } from './wire/token-endpoint.ts'

/** A server that can be started once and stopped once. */
export interface Server {
  /** Starts to listen; answers the address and port that it listens on. */
  listen(): Promise<{ readonly address: string; readonly port: number }>
  /** Stops accepting, lets requests under way finish for a few seconds, then ends their connections. */
  close(): Promise<void>
}

const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }
const closeGraceMs = 5_000

type Fastify = typeof fastify

// Inputs and outputs are held to the schemas of their actions. Fastify's own compilers are a large part of what loading it takes, so they are not.
const noSchemas = (): never => {
  throw new Error('A route brings a schema for Fastify, which has nothing here that would check it: declare the input of its action.')
}

function build(make: Fastify, parts: ServerParts, limits: Limits, clock: Clock): FastifyInstance {
  const app = make({
    logger: false,
    exposeHeadRoutes: false,
    requestIdHeader: false,
    genReqId: (request) => requestIdOf(request, clock),
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.requestMs,
    routerOptions: { maxParamLength: 200 },
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    http: {
      maxHeaderSize: limits.headerBytesMax,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkMs,
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, parts, limits, clock),
    frameworkErrors: (error, request, reply) => {
      const answer = pathOf(request.url).startsWith(`${scimPath}/`) ? answerScimError : answerFailure
      answer(error, request as FastifyRequest, reply, parts) // the same request without its generics
    },
  })
  const https = parts.baseUrl.startsWith('https:')
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(answerHeaders(request.id, https))
  })
  accessLog(app, parts.log, clock)
  answerFailures(app, parts)
  readBodies(app, limits)
  return app
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function readBodies(app: FastifyInstance, limits: Limits): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) => {
    let text: string
    try {
      text = utf8.decode(body)
    } catch {
      throw fail('malformed', 'The body is not UTF-8.')
    }
    return parseJsonBody(text, limits.jsonDepthMax)
  })
}

/** The routes whose callers may be slowed down. */
function guardedRoutes(scope: FastifyInstance, parts: ServerParts & { readonly metrics: Metrics }, limits: Limits, clock: Clock): void {
  const refusals = new RefusalLimit(limits, clock)
  scope.addHook('onRequest', async (request, reply) => {
    const waits = [undefined, ...shownSecrets(request, parts.baseUrl)].map((secret) => refusals.waitSeconds(request.ip, secret))
    const wait = Math.min(...waits)
    if (wait === 0) return
    reply.header('retry-after', String(wait))
    throw fail('rate_limited', `Too many requests of this address were refused. Wait ${wait} s.`)
  })
  scope.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode === 401) refusals.refused(request.ip)
    const isGoverned = request.routeOptions.url?.startsWith('/v1/') === true
    const secret = isGoverned && reply.statusCode < 300 ? usedSecret(request, parts.baseUrl) : undefined
    if (secret !== undefined) refusals.accepted(secret)
  })
  const { baseUrl, metrics } = parts
  scope.register(async (calls) => {
    backPressure(calls, 'broker_queue', limits.brokerQueue, { baseUrl, metrics, refusals })
    brokerCalls(calls, parts, limits.brokerBodyBytesMax)
  })
  // Streams are open for long; how many there are is bounded where they are opened.
  runEvents(scope, parts, limits)
  scope.register(async (evaluations) => {
    backPressure(evaluations, 'evaluation_queue', limits.evaluationQueue, { baseUrl, metrics, refusals })
    authzen(evaluations, parts)
  })
  scope.register(async (signIns) => {
    backPressure(signIns, 'provider_queue', limits.providerQueue, { baseUrl, metrics, refusals })
    providerRoutes(signIns, parts, limits, clock, refusals)
  })
  scope.register(async (queued) => {
    backPressure(queued, 'queue', limits.queue, { baseUrl, metrics, refusals })
    queuedRoutes(queued, parts, limits, clock, refusals)
  })
}

function readForms(scope: FastifyInstance, { formBytesMax: bodyLimit }: Limits): void {
  const type = 'application/x-www-form-urlencoded'
  scope.addContentTypeParser(type, { parseAs: 'string', bodyLimit }, async (_request: FastifyRequest, body: string) => body)
}

/** The routes that wait for an identity provider: one that answers slowly, or not at all, holds up sign-ins and nobody who has come in, by another way too. */
function providerRoutes(scope: FastifyInstance, parts: ServerParts, limits: Limits, clock: Clock, refusals: RefusalLimit): void {
  singleSignOn(scope, parts, clock, refusals)
  scope.register(async (forms) => {
    readForms(forms, limits)
    singleSignOut(forms, parts, refusals)
  })
}

/** The routes that need the store, one turn a request. */
function queuedRoutes(scope: FastifyInstance, parts: ServerParts, limits: Limits, clock: Clock, refusals: RefusalLimit): void {
  governedRoutes(scope, parts, limits.bodyBytesMax)
  consoleSession(scope, parts, clock, refusals)
  singleSignOnElsewhere(scope, parts)
  ownSignIn(scope, parts, clock)
  proveKey(scope, parts)
  scim(scope, parts)
  scope.register(async (forms) => {
    readForms(forms, limits)
    tokenEndpoint(forms, parts)
    samlAnswers(forms, parts, clock, refusals)
  })
}

/** Puts everything together, in the order in which it is registered. */
async function assemble(parts: ServerParts): Promise<FastifyInstance> {
  const limits = { ...defaultLimits, ...parts.limits }
  const clock = parts.clock ?? systemClock
  // Loaded here, so that the command line, which shares the route rule, starts without it.
  const { fastify: make } = await import('fastify')
  const app = build(make, parts, limits, clock)
  const metrics = parts.metrics ?? new Metrics()
  countRequests(app, metrics, clock)
  const unwatch = watchProcess(metrics)
  app.addHook('onClose', async () => unwatch())
  const known = watchRoutes(app)
  app.register(async (scope) => {
    issuerMetadata(scope, parts)
    pages(scope, parts)
    metricsPage(scope, metrics, parts.metricsToken)
    consolePages(scope, parts)
  })
  app.register(async (scope) => guardedRoutes(scope, { ...parts, metrics }, limits, clock))
  app.register(async (scope) => refuseOtherMethods(scope, known))
  return app
}

/** What a machine without IPv6 says. */
const noSuchAddress: ReadonlySet<unknown> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])

/**
 * Listens at the other loopback address too, where browsers look for `localhost` first: whoever else listened there would be handed sessions and links. Throws, with
 * nothing left open, where somebody does.
 */
async function listenBeside(app: FastifyInstance, port: number): Promise<NetServer | undefined> {
  const beside = createNetServer((socket) => app.server.emit('connection', socket))
  try {
    await new Promise<void>((resolve, reject) => beside.once('error', reject).listen({ host: '::1', port, ipv6Only: true }, resolve))
    return beside
  } catch (error) {
    if (error instanceof Error && 'code' in error && noSuchAddress.has(error.code)) return undefined
    await app.close()
    throw error
  }
}

// Node answers an `Expect` that it does not know by itself, past our log and headers. A server may as well ignore one (RFC 9110 section 10.1.1).
function ignoreExpectations({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
}

/** Makes a server over its parts. */
export function createServer(parts: ServerParts): Server {
  let app: FastifyInstance | undefined
  let beside: NetServer | undefined
  return {
    async listen() {
      app = await assemble(parts)
      ignoreExpectations(app)
      await app.listen({ host: parts.host ?? '127.0.0.1', port: parts.port ?? 8484 })
      const address = app.server.address()
      if (address === null || typeof address === 'string') throw new Error('The server listens on no port.')
      if (parts.isByName === true) beside = await listenBeside(app, address.port)
      return { address: address.address, port: address.port }
    },
    async close() {
      const { server } = app ?? {}
      beside?.close()
      const cut = setTimeout(() => server?.closeAllConnections(), closeGraceMs)
      await app?.close()
      clearTimeout(cut)
    },
  }
}
