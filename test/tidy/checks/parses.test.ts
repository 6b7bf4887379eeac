// A file that cannot be read must not pass unread.

import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { parses } from './parses.ts'

test('a file that does not parse is refused', () => refuses(parses, { 'src/kernel/ids.ts': 'const = 1' }, /does not parse/))
test('a file that parses is accepted', () => accepts(parses, { 'src/kernel/ids.ts': 'const a: number = 1' }))
