// What a SCIM client can ask before it has a token: what is supported, and which resources and schemas there are (RFC 7643 sections 5 to 7). It holds nothing of anybody's.
import type { FastifyInstance } from 'fastify'
import { type Attribute, groupKind, pageResourcesMax, type ResourceKind, type Schema, userKind } from '../../identity/index.ts'
import { fail } from '../../kernel/index.ts'
import type { ServerParts } from '../door.ts'
import { listOf, scimPath, scimType } from './scim-answers.ts'
import { bulkBytesMax, bulkOperationsMax } from './scim-bulk.ts'

const core = (name: string) => `urn:ietf:params:scim:schemas:core:2.0:${name}`

function serviceProvider({ baseUrl }: ServerParts): object {
  return {
    schemas: [core('ServiceProviderConfig')],
    patch: { supported: true },
    bulk: { supported: true, maxOperations: bulkOperationsMax, maxPayloadSize: bulkBytesMax },
    filter: { supported: true, maxResults: pageResourcesMax },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'The token of the directory, which rotates: `twinlock directory rotate-token`.',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}${scimPath}/ServiceProviderConfig` },
  }
}

function resourceType({ baseUrl }: ServerParts, { name, endpoint, core: schema, extensions }: ResourceKind): object {
  return {
    schemas: [core('ResourceType')],
    id: name,
    name,
    endpoint,
    description: schema.description,
    schema: schema.id,
    schemaExtensions: extensions.map(({ id }) => ({ schema: id, required: false })),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}${scimPath}/ResourceTypes/${name}` },
  }
}

function attributeJson({ subAttributes, ...rest }: Attribute): object {
  const isReference = rest.type === 'reference' ? { referenceTypes: ['uri'] } : {}
  return { ...rest, ...isReference, ...(subAttributes === undefined ? {} : { subAttributes: subAttributes.map(attributeJson) }) }
}

function schemaJson({ baseUrl }: ServerParts, { id, name, description, attributes }: Schema): object {
  return {
    schemas: [core('Schema')],
    id,
    name,
    description,
    attributes: attributes.map(attributeJson),
    meta: { resourceType: 'Schema', location: `${baseUrl}${scimPath}/Schemas/${id}` },
  }
}

const kinds = [userKind, groupKind]
const schemas = kinds.flatMap((kind) => [kind.core, ...kind.extensions])

/** Registers the three endpoints. */
export function scimDiscovery(app: FastifyInstance, parts: ServerParts): void {
  app.addHook('onRequest', async ({ url }) => {
    // RFC 7644 section 4: whoever asks for a part of it is told no, so that nobody takes all of it for what he asked for.
    if (/[?&]filter=/i.test(url)) throw fail('denied', 'What is supported here is not filtered.')
  })
  app.addHook('onSend', async (_request, reply) => {
    reply.type(scimType)
  })
  app.get(`${scimPath}/ServiceProviderConfig`, async () => serviceProvider(parts))
  app.get(`${scimPath}/ResourceTypes`, async () => listOf(kinds.map((kind) => resourceType(parts, kind))))
  app.get<{ Params: { id: string } }>(`${scimPath}/ResourceTypes/:id`, async ({ params }) => {
    const kind = kinds.find(({ name }) => name === params.id)
    if (kind === undefined) throw fail('not_found', 'There is no such resource type.')
    return resourceType(parts, kind)
  })
  app.get(`${scimPath}/Schemas`, async () => listOf(schemas.map((schema) => schemaJson(parts, schema))))
  app.get<{ Params: { id: string } }>(`${scimPath}/Schemas/:id`, async ({ params }) => {
    const schema = schemas.find(({ id }) => id === params.id)
    if (schema === undefined) throw fail('not_found', 'There is no such schema.')
    return schemaJson(parts, schema)
  })
}
