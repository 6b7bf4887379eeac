// One resource has one spelling: what upstreams are known to read in two ways is refused.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isCoded } from '../kernel/index.ts'
import { readRequestPath } from './request-path.ts'

describe('the path of a call', () => {
  it('has one spelling for one resource', () => {
    for (const text of [
      '/%61ccounts',
      '/accounts/%7Eme',
      '/names/caf%c3%a9',
      '/accounts/..;/admin',
      '/accounts/.;x=1/admin',
      '/accounts/..;',
      '/accounts/%c0%ae%c0%ae/admin',
      '/accounts%c0%afadmin',
      '/accounts/1%0d%0aHost:%20other',
      '/accounts/1%09',
      '/accounts/%ff',
    ]) {
      assert.throws(
        () => readRequestPath(text),
        (error) => isCoded(error, 'path_refused'),
        text,
      )
    }
  })
})
