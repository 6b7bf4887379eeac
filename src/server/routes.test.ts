import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue } from '../app/index.ts'
import { pluralOf, routeOf, whyNoRoute } from './routes.ts'

const routed = catalogue.flatMap((capability) => {
  const route = routeOf(capability)
  return route === undefined ? [] : [{ capability, route }]
})

const find = (name: string) => {
  const capability = catalogue.find((one) => one.name === name)
  assert.ok(capability, name)
  return capability
}

test('every capability has exactly one route, or a reason why it has none', () => {
  for (const capability of catalogue) assert.equal(routeOf(capability) === undefined, whyNoRoute(capability) !== undefined, capability.name)
})

test('no two capabilities share a method and a path, whatever their parameters are called', () => {
  const seen = routed.map(({ route }) => `${route.method} ${route.path.replace(/\{\w+\}/g, '{}')}`)
  assert.deepEqual([...new Set(seen)], seen)
})

test('routes follow from names by the rule', () => {
  const said = Object.fromEntries(routed.map(({ capability, route }) => [capability.name, `${route.method} ${route.path}`]))
  assert.equal(said['person:list'], 'GET /v1/people')
  assert.equal(said['person:create'], 'POST /v1/people')
  assert.equal(said['person:link'], 'POST /v1/people/{person}/link')
  assert.equal(said['promotion:show'], 'GET /v1/promotions/{promotion}')
  assert.equal(said['promotion:cross'], 'POST /v1/promotions/{promotion}/cross')
  assert.equal(said['promotion:roll-back'], 'POST /v1/promotions/{promotion}/roll-back')
  assert.equal(said['run:launch'], 'POST /v1/runs/launch')
  assert.equal(said['run:tape'], 'GET /v1/runs/{run}/tape')
  assert.equal(said['ledger:trace'], 'GET /v1/ledger/trace')
  assert.equal(said['ledger:list'], 'GET /v1/ledger')
  assert.equal(said['ledger:show'], 'GET /v1/ledger/{entry}')
  assert.equal(said['ledger:receipt'], 'GET /v1/ledger/{entry}/receipt')
  assert.equal(said['artifact:pull'], 'POST /v1/artifacts/pull')
  assert.equal(said['session:create'], 'POST /v1/sessions')
  assert.equal(said['mapping:show'], 'GET /v1/mappings/{mapping}')
  assert.equal(said['mapping:preview'], 'POST /v1/mappings/preview', 'what may be left out is no part of a path')
  assert.equal(said['session:show'], 'GET /v1/sessions')
})

test('what only parts of the product do, and what a wire protocol serves, has no route', () => {
  assert.match(whyNoRoute(find('run:claim')) ?? '', /worker/)
  assert.match(whyNoRoute(find('connection:call')) ?? '', /broker/)
  assert.match(whyNoRoute(find('token:issue')) ?? '', /wire protocol/)
})

test('plurals follow from nouns, with two exceptions', () => {
  assert.equal(pluralOf('person'), 'people')
  assert.equal(pluralOf('ledger'), 'ledger')
  assert.equal(pluralOf('policy'), 'policies')
  assert.equal(pluralOf('key'), 'keys')
  assert.equal(pluralOf('process'), 'processes')
})
