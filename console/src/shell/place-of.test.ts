// The navigation marks where one is, and another organization is arrived at in the same place: also where a path begins with another word than its place.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeOf } from './place-of.ts'

const screens = [
  { path: '/', place: {} },
  { path: '/runs/$run' },
  { path: '/runs', place: {} },
  { path: '/batches', under: '/runs' },
  { path: '/batches/$batch', under: '/runs' },
  { path: '/twins', place: {} },
  { path: '/scenarios/$scenario', under: '/twins' },
  { path: '/people', place: {} },
  { path: '/people/$' },
  { path: '/elsewhere/$thing' },
]
const placesOf = (...paths: readonly string[]): readonly (string | undefined)[] => paths.map((path) => placeOf(path, screens))

test('a path lies in the place that it begins with, word by word', () => {
  assert.deepEqual(placesOf('/', '/runs', '/runs/run_a', '/runs/run_a/replay', '/people/groups/new'), [
    '/',
    '/runs',
    '/runs',
    '/runs',
    '/people',
  ])
  assert.deepEqual(placesOf('/runsome', '/nothing'), [undefined, undefined])
})

test('a screen whose path begins with another word lies in the place that it belongs to', () => {
  assert.deepEqual(placesOf('/batches', '/batches/bat_a', '/scenarios/scn_a'), ['/runs', '/runs', '/twins'])
})

test('a screen that belongs to no place lies in none, and not in the first', () => {
  assert.deepEqual(placesOf('/elsewhere/a', '/scenario'), [undefined, undefined])
})
