import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { BAZAAR, emptyFolder, writeBazaar } from '../../test/support/bazaar.ts'
import { lockDataFolder } from '../../server/connect/postgres/data-folder.ts'
import { newReport } from '../../server/engine/history-report.ts'
import { progressOn } from './progress.ts'
import { importWords } from './words.ts'

const SCRIPT = fileURLToPath(new URL('../import.ts', import.meta.url))

async function run(dataDir: string, ...args: readonly string[]) {
  const { DATABASE_URL: _, LC_ALL: __, LC_MESSAGES: ___, LANG: ____, ...env } = process.env
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', SCRIPT, ...args], {
    env: { ...env, FULCRUM_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { out, err, code: Number(code) }
}

test('while a hub runs on the data folder an import says so, ends with 1 and leaves it alone', async () => {
  const dataDir = emptyFolder()
  const held = lockDataFolder(dataDir)
  try {
    const { out, err, code } = await run(dataDir, '--mapping', 'olist', writeBazaar(BAZAAR))
    assert.equal(code, 1)
    assert.match(err, /a hub is running on the data folder .*: stop it \(Ctrl-C\), run the import, start it again/)
    assert.equal(out, '')
  } finally {
    held.release()
  }
})

test('a wrong call or folder is one line and changes nothing', async () => {
  const dataDir = emptyFolder()
  const [noMapping, noFolder, wrongMapping] = await Promise.all([
    run(dataDir, emptyFolder()),
    run(dataDir, '--mapping', 'olist', '/nowhere'),
    run(dataDir, '--mapping', 'nosuch', emptyFolder()),
  ])
  assert.match(noMapping.err, /^usage: npm run import -- --mapping/)
  assert.match(noFolder.err, /^fulcrum: the folder \/nowhere does not exist\n$/)
  assert.match(wrongMapping.err, /^fulcrum: expected a mapping \(olist\) or a JSON file, got "nosuch"\n$/)
  assert.deepEqual([noMapping.code, noFolder.code, wrongMapping.code], [1, 1, 1])
})

test('an import speaks the language of the terminal, or the one that is asked for', async () => {
  const dataDir = emptyFolder()
  assert.match((await run(dataDir, '--lang', 'zh')).err, /^用法：npm run import/)
  const { out, code } = await run(dataDir, '--lang', 'zh', '--mapping', 'olist', writeBazaar(BAZAAR))
  assert.equal(code, 0)
  assert.match(out, /完成，用时 .* 秒[^]*order +新增 \d+/)
})

test('progress is a bar on a terminal and lines elsewhere', () => {
  for (const isTTY of [true, false]) {
    const written: string[] = []
    let now = 0
    const progress = progressOn({ isTTY, write: (piece) => written.push(piece) }, importWords('en'), 0, () => now)
    const report = { ...newReport(1000), facts: { item: { created: 7, known: 1 } } }
    for (const rowsDone of [0, 250, 500, 1000]) {
      now += 6000
      progress.show({ ...report, rowsDone, recorded: rowsDone, state: rowsDone === 1000 ? 'done' : 'running' })
    }
    assert.match(written[0] ?? '', /facts: item 8/)
    assert.match(
      written[1] ?? '',
      isTTY ? /^\r\u001b\[K\[#{7}\.{23}\] 25 % 250\/1000 orders, .* 42\/s, 18 s left$/ : /^25 % 250\/1000 orders, .*\n$/,
    )
    assert.match(written[3] ?? '', /100 % 1000\/1000 orders, 1000 new/)
  }
})
