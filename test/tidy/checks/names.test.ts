// Names of files and folders.

import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { namesSayWhatIsInside as check } from './names.ts'

test('drawers are refused, as files, folders and parts of names', () => {
  for (const path of [
    'src/runs/utils.ts',
    'src/helpers/a.ts',
    'src/common/a.ts',
    'engine/misc.ts',
    'src/runs/test-helper.ts',
    'console/date-utils.tsx',
  ])
    refuses(check, { [path]: '' }, /Name `.*` for what is in it/)
})
test('code is named in kebab-case', () => {
  refuses(check, { 'src/runs/endRun.ts': '' }, /kebab-case/)
  accepts(check, { 'src/runs/end-run.test.ts': '', 'README.md': '', 'console/routes/$id.tsx': '', 'src/access/common-ancestor.ts': '' })
})
