// Names of files that lead nowhere.
import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { pointersLead as check } from './pointers.ts'

const house = { 'src/runs/run.ts': '', 'docs/guides/runs.md': '# Runs', 'docs/read-me.md': '' }

test('a page that links or names a file that is not there is refused', () => {
  refuses(check, { ...house, 'docs/read-me.md': 'See [runs](guides/walks.md#what).' }, /There is no `guides\/walks\.md`/)
  refuses(check, { ...house, 'docs/read-me.md': 'one\n\nIt is in `src/runs/walk.ts`.' }, /There is no `src\/runs\/walk\.ts`/)
  refuses(check, { ...house, 'docs/read-me.md': 'It is in `src/walks`.' }, /There is no `src\/walks`/)
})
test('a comment that names a file that is not there is refused', () => {
  refuses(check, { ...house, 'src/runs/a.ts': '// Ended by src/runs/end-run.ts alone.' }, /end-run/)
  refuses(check, { ...house, 'src/runs/a.ts': '/** As in docs/guides/walks.md. */\nconst a = 1' }, /walks/)
})
test('files, folders, headings, modules, places elsewhere and paths from the own folder are followed', () => {
  accepts(check, {
    ...house,
    'docs/read-me.md': 'See [runs](guides/runs.md#what), [here](#here), [there](https://src.example/src/walks.md).',
  })
  accepts(check, { ...house, 'docs/guides/runs.md': '`src/runs`, `src/runs/`, `src/runs/run`, [all](../../src/runs/), `docs/read-me.md`' })
  accepts(check, { ...house, 'console/src/a.ts': '', 'console/README.md': 'It lies in `src/a.ts`.' })
  accepts(check, { ...house, 'src/runs/a.ts': "// As src/runs/run.ts says; src/runs/NAME.ts is any.\nconst a = 'src/walks'" })
  accepts(check, { ...house, 'src/runs/a.ts': '// https://w3.example/src/walks and node_modules/x/src/walks are not ours.' })
})
