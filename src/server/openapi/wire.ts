// The operations that do not follow from the catalogue: token endpoint, issuer metadata, key proof, broker, health. Written by hand, beside the files
// that serve them; a test holds both lists together.
import { keyProofInput } from '../wire/prove-key.ts'
import { usualProblems } from './problems.ts'
import type { SchemaBook } from './schemas.ts'

const inPath = (name: string, description: string) => ({ name, in: 'path', required: true, description, schema: { type: 'string' } })
const issuer = [inPath('organization', 'The id of the organization.'), inPath('environment', 'The id of the environment.')]
const json = (schema: object) => ({ content: { 'application/json': { schema } } })
const text = { type: 'string' } as const

const tokenForm = {
  type: 'object',
  required: ['grant_type', 'client_assertion_type', 'client_assertion'],
  properties: {
    grant_type: { const: 'client_credentials' },
    client_assertion_type: { const: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' },
    client_assertion: { ...text, description: 'A JWT signed with the workload’s own key; its audience is this URL. Good once.' },
  },
}

const tokenAnswer = {
  type: 'object',
  required: ['access_token', 'token_type', 'expires_in'],
  properties: { access_token: text, token_type: { const: 'Bearer' }, expires_in: { type: 'integer', description: 'Seconds.' } },
}

const oauthError = {
  type: 'object',
  required: ['error'],
  properties: { error: text, error_description: text, error_uri: text, request_id: text },
}

const open = (operationId: string, summary: string, parameters: readonly object[] = []) => ({
  get: {
    operationId,
    summary,
    tags: ['protocols'],
    security: [],
    parameters,
    responses: { 200: { description: 'What is asked for.', ...json({ type: 'object' }) }, ...usualProblems() },
  },
})

const runEvents = {
  get: {
    operationId: 'runEvents',
    summary: 'Watch a run as it happens, as server-sent events: its calls, its files, its state.',
    tags: ['run'],
    parameters: [
      inPath('run', 'The id of a run.'),
      { name: 'last-event-id', in: 'header', schema: text, description: 'Go on after the event with this id.' },
    ],
    responses: {
      200: {
        description:
          'Events `run`, `call`, `outcome`, `output`, `frozen`, `thawed`, `end`, and `cut` with the code why it ends here; their data is JSON.',
        content: { 'text/event-stream': { schema: text } },
      },
      ...usualProblems(),
    },
  },
}

const authzen = (operationId: string, summary: string) => ({
  post: {
    operationId,
    summary,
    tags: ['protocols'],
    requestBody: { required: true, ...json({ type: 'object' }) },
    responses: {
      200: { description: 'An answer of AuthZEN 1.0; a no is one as well.', ...json({ type: 'object' }) },
      default: { description: 'An error of section 10.1.2: its body is a text.', content: { 'text/plain': { schema: text } } },
    },
  },
})

const authzenPaths = {
  '/.well-known/authzen-configuration': open('authzenMetadata', 'Where the Authorization API of AuthZEN 1.0 is.'),
  '/access/v1/evaluation': authzen('authzenEvaluation', 'Decide whether a subject may do an action on a resource (AuthZEN 1.0 section 6).'),
  '/access/v1/evaluations': authzen('authzenEvaluations', 'Decide several questions, all or up to the first that decides (section 7).'),
  '/access/v1/search/subject': authzen('authzenSearchSubject', 'Find the subjects that may do an action on a resource (section 8.4).'),
  '/access/v1/search/resource': authzen('authzenSearchResource', 'Find the resources that a subject may do an action on (section 8.5).'),
  '/access/v1/search/action': authzen('authzenSearchAction', 'Find the actions that a subject may do on a resource (section 8.6).'),
}

/** The paths of the wire protocols. */
export function wirePaths(book: SchemaBook): Record<string, object> {
  const call = (method: string) => ({
    operationId: `brokerCall${method}`,
    summary: 'Make a call on a connection through the broker, as a promoted workload.',
    tags: ['protocols'],
    parameters: [inPath('connection', 'The slug of the connection.'), inPath('path', 'Path and query for the upstream.')],
    responses: { default: { description: 'The upstream’s answer, redacted, with the call’s id in `twinlock-call`.' }, ...usualProblems() },
  })
  return {
    '/o/{organization}/e/{environment}/token': {
      post: {
        operationId: 'issueToken',
        summary: 'Exchange a private-key JWT for a short-lived access token (RFC 6749, RFC 7523).',
        tags: ['protocols'],
        security: [],
        parameters: issuer,
        requestBody: { required: true, content: { 'application/x-www-form-urlencoded': { schema: tokenForm } } },
        responses: {
          200: { description: 'A token.', ...json(tokenAnswer) },
          default: { description: 'An error of RFC 6749 section 5.2.', ...json(oauthError) },
        },
      },
    },
    '/.well-known/oauth-authorization-server/o/{organization}/e/{environment}': open(
      'issuerMetadata',
      'Metadata of an environment’s issuer (RFC 8414).',
      issuer,
    ),
    '/o/{organization}/e/{environment}/jwks.json': open('issuerKeys', 'Public keys of an environment’s issuer (RFC 7517).', issuer),
    '/v1/promotions/{promotion}/prove-key': {
      post: {
        operationId: 'promotionProveKey',
        summary: 'Prove, as the service, that it holds the key that production would trust.',
        tags: ['promotion'],
        security: [],
        parameters: [inPath('promotion', 'The id of a promotion.')],
        requestBody: { required: true, ...json(book.schemaOf(keyProofInput, 'input', 'KeyProof')) },
        responses: {
          200: { description: 'The key is proved.', ...json({ type: 'object', properties: { promotion: text, thumbprint: text } }) },
          ...usualProblems(),
        },
      },
    },
    '/v1/runs/{run}/events': runEvents,
    ...authzenPaths,
    '/v1/c/{connection}/{path}': Object.fromEntries(
      ['get', 'head', 'post', 'put', 'patch', 'delete'].map((method) => [method, call(method.toUpperCase())]),
    ),
    '/openapi.json': open('openapi', 'This document.'),
    '/problems/{code}': open('problemPage', 'What a problem code means, as text.', [inPath('code', 'The code.')]),
    '/healthz': open('health', 'Whether the server runs.'),
    '/metrics': open(
      'metrics',
      'What the server counted, as Prometheus reads it; for this machine, or whoever shows the token that was set.',
    ),
    '/readyz': open('readiness', 'Whether the store can be read.'),
  }
}
