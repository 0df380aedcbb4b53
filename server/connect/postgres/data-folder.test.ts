import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Fault } from '../../kernel/fault.ts'
import { lockDataFolder } from './data-folder.ts'

const root = mkdtempSync(join(tmpdir(), 'fulcrum-lock-'))
after(() => rmSync(root, { recursive: true }))

const HOLD = `
  const { lockDataFolder } = await import(process.argv[1])
  try { lockDataFolder(process.argv[2]); console.log('taken'); setInterval(() => {}, 1000) } catch (error) { console.log(error.code) }`

/** Another process that takes the folder and says how that went. */
async function taker(folder: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', HOLD, new URL('data-folder.ts', import.meta.url).href, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = await once(child.stdout, 'data')
  return { child, said: String(said).trim() }
}

async function kill(child: ReturnType<typeof spawn>): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

test('a second hub on the same data folder is refused, and the first keeps it', async () => {
  const folder = join(root, 'second')
  const first = await taker(folder)
  const before = readFileSync(join(folder, 'hub.lock'), 'utf8')
  assert.equal(first.said, 'taken')
  assert.throws(
    () => lockDataFolder(folder),
    (error) => error instanceof Fault && error.code === 'data_folder_in_use' && error.message.includes(`process ${first.child.pid}`),
  )
  assert.equal(readFileSync(join(folder, 'hub.lock'), 'utf8'), before)
  await kill(first.child)
})

test('the lock of a killed hub is taken over', async () => {
  const folder = join(root, 'killed')
  await kill((await taker(folder)).child)
  lockDataFolder(folder).release()
})

test('of several that start at once on a stale lock exactly one wins', async () => {
  const folder = join(root, 'race')
  await kill((await taker(folder)).child)
  const takers = await Promise.all([1, 2, 3, 4, 5].map(() => taker(folder)))
  assert.equal(takers.filter((one) => one.said === 'taken').length, 1)
  await Promise.all(takers.map((one) => kill(one.child)))
})

test('a number that now belongs to another process is no owner', () => {
  const folder = join(root, 'reused')
  mkdirSync(folder)
  writeFileSync(join(folder, 'hub.lock'), JSON.stringify({ pid: process.ppid, bornAt: '1' }))
  lockDataFolder(folder).release()
})

test('a torn lock is taken over, a released one leaves no file', () => {
  const folder = join(root, 'torn')
  mkdirSync(folder)
  writeFileSync(join(folder, 'hub.lock'), '{"pid":')
  const lock = lockDataFolder(folder)
  lock.release()
  assert.throws(() => readFileSync(join(folder, 'hub.lock')))
})

test('a folder that is given back empty is not there any more, nor are those made on the way to it', () => {
  const [kept, folder] = [join(root, 'kept'), join(root, 'kept', 'made', 'data')]
  mkdirSync(kept)
  lockDataFolder(folder).release()
  assert.deepEqual([existsSync(kept), existsSync(join(kept, 'made'))], [true, false])
})

test('a folder that was there before, or that holds something, stays when it is given back', () => {
  const [before, used] = [join(root, 'before'), join(root, 'made', 'used')]
  mkdirSync(before)
  lockDataFolder(before).release()
  const lock = lockDataFolder(used)
  writeFileSync(join(used, 'master.key'), 'x')
  lock.release()
  assert.deepEqual([existsSync(before), existsSync(join(used, 'master.key'))], [true, true])
})
