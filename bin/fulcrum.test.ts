import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = mkdtempSync(join(tmpdir(), 'fulcrum-entrance-'))
after(() => rmSync(root, { recursive: true }))
for (const folder of ['bin', 'server', 'node_modules']) mkdirSync(join(root, folder))
for (const file of ['bin/fulcrum.mjs', 'server/kernel/node-flags.mjs'])
  cpSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), join(root, file))
writeFileSync(join(root, 'package-lock.json'), '{"packages":{}}')
writeFileSync(join(root, 'package.json'), '{"type":"module"}')
writeFileSync(join(root, 'node_modules', '.package-lock.json'), '{"packages":{}}')
writeFileSync(
  join(root, 'server', 'main.ts'),
  `const args: readonly string[] = process.argv.slice(2)
if (args[0] === 'exit') process.exit(Number(args[1]))
process.on('SIGTERM', () => { console.log('stopping'); process.exit(7) })
console.log('up ' + args.join(' '))
setInterval(() => undefined, 1000)`,
)

function enter(...args: readonly string[]) {
  return spawn(process.execPath, [join(root, 'bin', 'fulcrum.mjs'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

async function finish(child: ReturnType<typeof enter>) {
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { out, err, code: Number(code) }
}

test('arguments go through, and so does the exit code', async () => {
  assert.deepEqual(await finish(enter('start', 'exit', '42')), { out: '', err: '', code: 42 })
})

test('a signal goes through, and the hub has the time to end in its own way', async () => {
  const child = enter('start', '--no-demo')
  const [first] = await once(child.stdout, 'data')
  assert.equal(String(first), 'up --no-demo\n')
  child.kill('SIGTERM')
  assert.deepEqual(await finish(child), { out: 'stopping\n', err: '', code: 7 })
})

test('an unknown command is one line that names the known ones', async () => {
  const { err, code } = await finish(enter('strat'))
  assert.match(err, /^fulcrum: expected one of start, test, bench, .*; got strat\n$/)
  assert.equal(code, 1)
})
