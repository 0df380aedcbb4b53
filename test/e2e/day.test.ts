import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { NODE_FLAGS } from '../../server/kernel/node-flags.mjs'
import { troubleKinds } from '../../contract/entities/trouble.ts'

const SIMULATE = fileURLToPath(new URL('../../simulator/simulate.ts', import.meta.url))

/** `npm run day` lives 20,000 orders in a day; here is an hour of it. */
const HOUR = ['--orders', '833', '--hours', '1', '--faults', '--troubles', '1', '--kill', '--seed', '5']

test('an hour of the world with every fault and trouble, and the hub killed in it, ends with world and hub of one mind and no trouble left to itself', async () => {
  const child = spawn(process.execPath, [...NODE_FLAGS, SIMULATE, ...HOUR], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  assert.equal(code, 0, `${out}\n${err}`)
  assert.ok((out.match(/^ok /gm) ?? []).length >= 14, out)
  const count = (what: string): number => Number(new RegExp(`^\\s+${what}\\s+(\\d+)$`, 'm').exec(out)?.[1] ?? 0)
  assert.ok(count('placed') > 600, out)
  assert.equal(count('fault.killed'), 1)
  assert.ok(count('fault.connectionBroken') > 0, 'the hub was killed while calls were under way')
  for (const kind of troubleKinds) assert.equal(count(`trouble.${kind}`), 1, `${kind}\n${out}`)
  assert.match(out, /^ok +orders in trouble, neither over nor owned/m)
})
