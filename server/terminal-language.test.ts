import assert from 'node:assert/strict'
import { test } from 'node:test'
import { terminalLanguage } from './terminal-language.ts'

/** Arguments, environment, and what comes of it: language and what is left of the arguments. */
const cases: readonly (readonly [
  args: readonly string[],
  env: Record<string, string>,
  is: readonly [string, readonly string[]] | undefined,
])[] = [
  [[], {}, ['en', []]],
  [[], { LANG: 'zh_CN.UTF-8' }, ['zh', []]],
  [[], { LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, ['en', []]],
  [[], { LANG: 'de_DE.UTF-8', LC_MESSAGES: 'zh_TW' }, ['zh', []]],
  [['--repair', '--lang', 'zh'], { LANG: 'en_US' }, ['zh', ['--repair']]],
  [['--lang=zh-CN', 'folder'], {}, ['zh', ['folder']]],
  [['--lang', 'en', '--repair'], { LANG: 'zh_CN' }, ['en', ['--repair']]],
  [['--lang', 'fr'], {}, undefined],
  [['--lang'], {}, undefined],
]

for (const [args, env, is] of cases)
  test(`${args.join(' ') || 'no flag'} with ${JSON.stringify(env)} is read in ${is?.[0] ?? 'no language'}`, () => {
    const found = terminalLanguage(args, env)
    assert.deepEqual(found && [found.language, found.rest], is)
  })
