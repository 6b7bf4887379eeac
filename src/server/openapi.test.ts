import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue } from '../app/index.ts'
import { openApi } from './openapi/document.ts'
import { routeOf } from './routes.ts'
import { errorCodes } from './status.ts'

type Json = { readonly [name: string]: Json }

// Through JSON, as clients get it.
const document: Json = JSON.parse(JSON.stringify(openApi(catalogue, 'http://127.0.0.1:8484')))

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => (name === '$ref' ? [String(member)] : references(member)))
}

function at(pointer: string): unknown {
  return pointer
    .replace('#/', '')
    .split('/')
    .reduce<Json | undefined>((value, part) => value?.[part], document)
}

test('every route of the catalogue is described, under its own operation id', () => {
  const ids = Object.values(document.paths ?? {}).flatMap((path) => Object.values(path).map((operation) => String(operation.operationId)))
  assert.deepEqual([...new Set(ids)], ids)
  for (const capability of catalogue) {
    const route = routeOf(capability)
    if (route === undefined) continue
    const operation = document.paths?.[route.path]?.[route.method.toLowerCase()]
    assert.equal(operation?.['x-twinlock-action'], capability.name)
    assert.equal(operation?.summary, capability.summary)
  }
})

test('every reference within the document leads somewhere', () => {
  const all = [...new Set(references(document))]
  assert.ok(all.length > 5)
  assert.deepEqual(
    all.filter((one) => at(one) === undefined),
    [],
  )
})

test('every failure code has an example of its problem', () => {
  const examples = Object.values(document.components?.responses ?? {}).flatMap((response) =>
    Object.keys(response.content?.['application/problem+json']?.examples ?? {}),
  )
  assert.deepEqual([...examples].sort(), [...errorCodes].sort())
})

test('what a path names is no part of the query or the body', () => {
  const cancel = document.paths?.['/v1/runs/{run}/cancel']?.post
  assert.deepEqual(Object.keys(cancel?.requestBody?.content?.['application/json']?.schema?.properties ?? {}), ['reason'])
  const tape = document.paths?.['/v1/runs/{run}/tape']?.get
  assert.deepEqual(
    Object.values(tape?.parameters ?? {}).map((one) => `${String(one.in)} ${String(one.name)}`),
    ['path run', 'query limit', 'query after', 'query decision', 'query connection', 'query method'],
  )
})

test('what is read by a query fits into one: an object, which does not, has a body', () => {
  const parameters = Object.values(document.paths ?? {}).flatMap((path) => Object.values(path.get?.parameters ?? {}))
  assert.ok(parameters.length > 50)
  assert.deepEqual(
    parameters.filter(({ schema }) => String(schema?.type) === 'object').map(({ name }) => name),
    [],
  )
})

test('everything but signing in and the open pages wants a bearer credential', () => {
  assert.deepEqual(document.security, [{ bearer: [] }])
  assert.deepEqual(document.paths?.['/v1/sessions']?.post?.security, [{ link: [] }])
  assert.deepEqual(document.paths?.['/healthz']?.get?.security, [])
})
