// An input becomes the request that the route rule says, whatever texts are in it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planRequest } from './request.ts'

test('what the path names leaves the query', () =>
  assert.deepEqual(planRequest(['GET', '/v1/runs/{run}/tape', 'content'], { run: 'run_1', limit: 5, after: undefined }), {
    method: 'GET',
    url: '/v1/runs/run_1/tape?limit=5',
    body: undefined,
  }))

test('a list repeats its parameter', () =>
  assert.equal(planRequest(['GET', '/v1/runs', 'read'], { state: ['queued', 'running'] }).url, '/v1/runs?state=queued&state=running'))

test('a change carries JSON and no query', () =>
  assert.deepEqual(planRequest(['POST', '/v1/runs/{run}/cancel', 'consequence'], { run: 'run_1', reason: 'Enough.' }), {
    method: 'POST',
    url: '/v1/runs/run_1/cancel',
    body: '{"reason":"Enough."}',
  }))

test('an id cannot leave its place in the path', () =>
  assert.equal(planRequest(['GET', '/v1/runs/{run}', 'read'], { run: '../people?x=1#y' }).url, '/v1/runs/..%2Fpeople%3Fx%3D1%23y'))

test('an input without what the path names is refused before anything is sent', () => {
  assert.throws(() => planRequest(['GET', '/v1/runs/{run}', 'read'], {}), /needs `run`/)
  assert.throws(() => planRequest(['GET', '/v1/runs/{run}', 'read'], { run: '' }), /needs `run`/)
})
