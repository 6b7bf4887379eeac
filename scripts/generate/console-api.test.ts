// The console's types say what the document says, action by action.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consoleApi, type OpenApi } from './console-api.ts'

const answer = (schema: object) => ({ 200: { content: { 'application/json': { schema: schema as Record<string, unknown> } } } })

const document: OpenApi = {
  paths: {
    '/v1/runs/{run}/cancel': {
      post: {
        summary: 'Cancel */ a run.',
        parameters: [{ name: 'run', in: 'path', required: true, schema: { type: 'string' } }],
        requestBody: {
          content: { 'application/json': { schema: { type: 'object', properties: { reason: { type: 'string' } }, required: ['reason'] } } },
        },
        responses: answer({ $ref: '#/components/schemas/Json' }),
        'x-twinlock-action': 'run:cancel',
        'x-twinlock-effect': 'consequence',
      },
    },
    '/healthz': { get: { summary: 'Alive.', parameters: [], responses: {} } },
  },
  components: { schemas: { Json: { type: ['string', 'null'] } } },
}

test('an action takes what is in its path and in its body, and has one route', () => {
  const text = consoleApi(document)
  assert.match(
    text,
    /'run:cancel': \{\n {4}readonly input: \{\n {6}readonly run: string\n {6}readonly reason: string\n {4}\}\n {4}readonly output: Json/,
  )
  assert.ok(text.includes("  'run:cancel': ['POST', '/v1/runs/{run}/cancel', 'consequence'],"))
  assert.ok(text.includes('export type Json = string | null'))
})

test('what is no action is no part of it, and a summary cannot end its comment', () => {
  const text = consoleApi(document)
  assert.ok(!text.includes('healthz'))
  assert.ok(text.includes('/** Cancel * / a run. */'))
})
