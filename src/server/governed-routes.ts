// A route for every capability that has one, and nothing else: the input is put together from path, query or body and handed to the door as it is.
// Nothing is decided here; what the schema does not know is refused behind the door.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Capability, fail } from '../kernel/index.ts'
import { readQuery } from './body/query.ts'
import type { ServerParts } from './door.ts'
import { type Route, routeOf } from './routes.ts'
import { credentialOf } from './wire/console-credential.ts'

/** A path with `{parameter}` as Fastify writes it: `:parameter`. */
function toPattern(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1')
}

function bodyOf(request: FastifyRequest): Record<string, unknown> {
  const body = request.body ?? {}
  if (typeof body !== 'object' || Array.isArray(body)) throw fail('invalid', 'The body must be a JSON object.', { pointer: '' })
  return body as Record<string, unknown> // a JSON object that is no list
}

function queryOf({ url }: FastifyRequest): string {
  const at = url.indexOf('?')
  return at === -1 ? '' : url.slice(at + 1)
}

/** The input that a request stands for. Throws `invalid` when the path and the rest name the same thing twice. */
function inputOf(capability: Capability, route: Route, request: FastifyRequest): unknown {
  if (route.method === 'POST' && queryOf(request) !== '')
    throw fail('invalid', 'This route takes no query; its input is the JSON body.', { pointer: '' })
  const input = route.method === 'GET' ? readQuery(queryOf(request), capability.input) : bodyOf(request)
  if (route.parameter === undefined) return input
  if (Object.hasOwn(input, route.parameter)) {
    throw fail('invalid', `\`${route.parameter}\` is in the path already.`, {
      pointer: `/${route.parameter}`,
      next: 'Leave it out of the query and the body.',
    })
  }
  const params = request.params as Record<string, string> // path parameters are texts
  return { ...input, [route.parameter]: params[route.parameter] }
}

/** Registers the route of every capability. */
export function governedRoutes(app: FastifyInstance, parts: ServerParts, bodyBytesMax: number): void {
  for (const capability of parts.door.catalogue) {
    const route = routeOf(capability)
    if (route === undefined) continue
    app.route({
      method: route.method,
      url: toPattern(route.path),
      bodyLimit: capability.bodyBytesMax ?? bodyBytesMax,
      handler: async (request, reply) => {
        const answer = await parts.door.govern({
          action: capability.name,
          credential: credentialOf(request, parts.baseUrl),
          input: inputOf(capability, route, request),
          requestId: request.id,
          address: request.ip,
        })
        if (answer.entry !== null) reply.header('twinlock-entry', answer.entry)
        return reply
          .type('application/json; charset=utf-8')
          .serializer(String)
          .send(JSON.stringify(answer.result ?? null))
      },
    })
  }
}
