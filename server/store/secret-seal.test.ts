import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomBytes } from 'node:crypto'
import { Fault } from '../kernel/fault.ts'
import { parseMasterKeys } from './master-key.ts'
import { openSecret, sealSecret } from './secret-seal.ts'
import { Vault } from './vault.ts'

const vault = new Vault(parseMasterKeys(randomBytes(32).toString('hex')))

test('a sealed secret opens for its owner and shows nothing of itself', () => {
  const sealed = sealSecret(vault, 'channel:店铺', 'shpss_0123456789')
  assert.equal(openSecret(vault, 'channel:店铺', sealed), 'shpss_0123456789')
  assert.ok(!sealed.includes('shpss') && !Buffer.from(sealed.split('.')[1] ?? '', 'base64').includes('shpss'))
})

test('a secret moved to another owner, cut or changed does not open', () => {
  const sealed = sealSecret(vault, 'channel:a', 'shpss_0123456789')
  const isBroken = (error: unknown) => error instanceof Fault && error.code === 'seal_broken'
  for (const [owner, text] of [
    ['channel:b', sealed],
    ['channel:a', sealed.slice(0, -8)],
    ['channel:a', 'no-dot'],
  ] as const)
    assert.throws(() => openSecret(vault, owner, text), isBroken)
})
