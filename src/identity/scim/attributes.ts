// The attributes of users and groups (RFC 7643 sections 4.1 to 4.3): one table from which reading, filters, paths and the Schemas endpoint follow.

/** An attribute of a schema (RFC 7643 section 7). */
export interface Attribute {
  readonly name: string
  readonly type: 'string' | 'boolean' | 'reference' | 'dateTime' | 'complex'
  readonly multiValued: boolean
  readonly description: string
  readonly required: boolean
  readonly caseExact: boolean
  readonly mutability: 'readWrite' | 'readOnly' | 'writeOnly' | 'immutable'
  readonly returned: 'always' | 'default' | 'never'
  readonly uniqueness: 'none' | 'server'
  readonly subAttributes?: readonly Attribute[]
}

/** A schema: its URN and its attributes. */
export interface Schema {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly attributes: readonly Attribute[]
}

/** A kind of resource: where it is served, and the schemas of its attributes. */
export interface ResourceKind {
  readonly name: 'User' | 'Group'
  readonly endpoint: '/Users' | '/Groups'
  readonly core: Schema
  readonly extensions: readonly Schema[]
}

const plain: Omit<Attribute, 'name' | 'description'> = {
  type: 'string',
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
}

function one(name: string, description: string, more: Partial<Attribute> = {}): Attribute {
  return { ...plain, name, description, ...more }
}

function parts(name: string, description: string, subAttributes: readonly Attribute[], more: Partial<Attribute> = {}): Attribute {
  return { ...plain, name, description, type: 'complex', subAttributes, ...more }
}

const value = one('value', 'The value itself.')
const kind = one('type', 'What it is for, such as `work`.')
const primary = one('primary', 'Whether it is the preferred one; of one list, at most one is.', { type: 'boolean' })
const display = one('display', 'How it is shown.')

function many(
  name: string,
  description: string,
  subAttributes = [value, kind, primary, display],
  more: Partial<Attribute> = {},
): Attribute {
  return parts(name, description, subAttributes, { multiValued: true, ...more })
}

const readOnly = { mutability: 'readOnly' } as const
const reference = one('$ref', 'Where it is.', { type: 'reference', caseExact: true, ...readOnly })

/** The attributes that every resource has (RFC 7643 section 3.1). */
export const commonAttributes: readonly Attribute[] = [
  one('id', 'The id, given here.', { caseExact: true, returned: 'always', uniqueness: 'server', ...readOnly }),
  one('externalId', 'The id that the directory knows it by.', { caseExact: true }),
  parts(
    'meta',
    'Set here.',
    [
      one('resourceType', 'User or Group.', { caseExact: true, ...readOnly }),
      one('created', 'When it was made.', { type: 'dateTime', ...readOnly }),
      one('lastModified', 'When it was changed last.', { type: 'dateTime', ...readOnly }),
      one('location', 'Where it is.', { type: 'reference', caseExact: true, ...readOnly }),
      one('version', 'Its entity tag.', { caseExact: true, ...readOnly }),
    ],
    readOnly,
  ),
]

const userSchema: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:User',
  name: 'User',
  description: 'A person of the organization.',
  attributes: [
    one('userName', 'The name that he signs in with; nobody else has it, in any directory.', { required: true, uniqueness: 'server' }),
    parts('name', 'The parts of his name.', [
      one('formatted', 'The whole name.'),
      one('familyName', 'The family name.'),
      one('givenName', 'The given name.'),
      one('middleName', 'The middle names.'),
      one('honorificPrefix', 'What stands before the name.'),
      one('honorificSuffix', 'What stands after the name.'),
    ]),
    one('displayName', 'How he is called here.'),
    one('nickName', 'A casual name.'),
    one('profileUrl', 'A page about him.', { type: 'reference' }),
    one('title', 'His title.'),
    one('userType', 'How he belongs to the organization.'),
    one('preferredLanguage', 'The language that he prefers.'),
    one('locale', 'Where he is, for formats.'),
    one('timezone', 'His time zone.'),
    one('active', 'Whether he works here. When false is answered, nothing is admitted for him any more.', { type: 'boolean' }),
    one('password', 'Taken and thrown away: there are no passwords here.', { mutability: 'writeOnly', returned: 'never' }),
    many('emails', 'His addresses.'),
    many('phoneNumbers', 'His telephone numbers.'),
    many('ims', 'His instant messaging addresses.'),
    many('photos', 'Pictures of him.', [one('value', 'The URL.', { type: 'reference' }), kind, primary, display]),
    many('addresses', 'Where he is reached by post.', [
      one('formatted', 'The whole address.'),
      one('streetAddress', 'The street.'),
      one('locality', 'The town.'),
      one('region', 'The region.'),
      one('postalCode', 'The postal code.'),
      one('country', 'The country.'),
      kind,
      primary,
    ]),
    many(
      'groups',
      'The groups that the directory put him into.',
      [{ ...value, ...readOnly }, reference, { ...display, ...readOnly }],
      readOnly,
    ),
    many('entitlements', 'Kept and shown; gives nothing here.'),
    many('roles', 'Kept and shown; gives nothing here: what a role gives comes by groups.'),
    many('x509Certificates', 'Kept and shown; proves nothing here.'),
  ],
}

const enterpriseSchema: Schema = {
  id: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  name: 'EnterpriseUser',
  description: 'A person in his enterprise.',
  attributes: [
    one('employeeNumber', 'His number.'),
    one('costCenter', 'His cost centre.'),
    one('organization', 'His organization.'),
    one('division', 'His division.'),
    one('department', 'His department.'),
    parts('manager', 'Who manages him.', [
      one('value', 'The id of the manager.', { caseExact: true }),
      { ...reference, mutability: 'readWrite' },
      one('displayName', 'The name of the manager.', readOnly),
    ]),
  ],
}

const groupSchema: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  name: 'Group',
  description: 'A group of people. What it is granted here, its members have.',
  attributes: [
    one('displayName', 'What the group is called; no other of this directory is.', { required: true, uniqueness: 'server' }),
    many('members', 'Who is in it: users and groups of the same directory.', [
      one('value', 'The id of a user or group.', { caseExact: true, mutability: 'immutable' }),
      { ...reference, mutability: 'immutable' },
      one('type', 'User or Group.', { mutability: 'immutable' }),
      one('display', 'How it is shown.', { mutability: 'immutable' }),
    ]),
  ],
}

/** Users, with the enterprise extension. */
export const userKind: ResourceKind = { name: 'User', endpoint: '/Users', core: userSchema, extensions: [enterpriseSchema] }

/** Groups. */
export const groupKind: ResourceKind = { name: 'Group', endpoint: '/Groups', core: groupSchema, extensions: [] }

/** The attribute of this name among several, in whatever case it is written (RFC 7643 section 2.1). */
export function attributeIn(attributes: readonly Attribute[], name: string): Attribute | undefined {
  const key = name.toLowerCase()
  return attributes.find((attribute) => attribute.name.toLowerCase() === key)
}

/** The schema that a URN names, in whatever case it is written. */
export function schemaOf(resource: ResourceKind, urn: string): Schema | undefined {
  const key = urn.toLowerCase()
  return [resource.core, ...resource.extensions].find(({ id }) => id.toLowerCase() === key)
}

/** An attribute, with the extension that it belongs to, where it is not one of the core. */
export interface Found {
  readonly attribute: Attribute
  readonly extension?: Schema
  readonly sub?: Attribute
}

/** Splits a URN off the beginning of an attribute's path; the longest schema that fits wins. */
export function splitUrn(resource: ResourceKind, path: string): { readonly schema?: Schema; readonly rest: string } {
  for (const schema of [...resource.extensions, resource.core]) {
    const { id } = schema
    if (path.length < id.length || path.slice(0, id.length).toLowerCase() !== id.toLowerCase()) continue
    if (path.length === id.length) return { schema, rest: '' }
    if (path.charAt(id.length) === ':') return { schema, rest: path.slice(id.length + 1) }
  }
  return { rest: path }
}

/** Finds what a path of one or two names leads to; undefined when there is no such attribute. */
export function findAttribute(resource: ResourceKind, path: string): Found | undefined {
  const { schema, rest } = splitUrn(resource, path)
  const [name = '', sub, ...more] = rest.split('.')
  if (more.length > 0) return undefined
  const isExtension = schema !== undefined && schema !== resource.core
  const attribute = attributeIn(isExtension ? schema.attributes : [...commonAttributes, ...resource.core.attributes], name)
  if (attribute === undefined) return undefined
  const within = isExtension ? { extension: schema } : {}
  if (sub === undefined) return { attribute, ...within }
  const found = attributeIn(attribute.subAttributes ?? [], sub)
  return found === undefined ? undefined : { attribute, sub: found, ...within }
}
