import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { idSource } from '../kernel/ids.ts'
import { BlindIndex } from './blind-index.ts'
import { loadMasterKeys, parseMasterKeys } from './master-key.ts'
import { openText, sealText, Vault } from './vault.ts'

const ids = idSource(() => Date.UTC(2026, 10, 21), 0)
const person = () => ids.next('per', 0)
const keyText = () => randomBytes(32).toString('base64')

test('what is sealed opens for the same person and says nothing by itself', () => {
  const vault = new Vault(parseMasterKeys(keyText()))
  fc.assert(
    fc.property(fc.string({ minLength: 8, unit: 'binary' }), (text) => {
      const id = person()
      const { wrappedKey, sealed } = vault.seal(id, text)
      assert.equal(vault.open(id, wrappedKey, sealed), Buffer.from(text, 'utf8').toString('utf8'))
      assert.ok(!Buffer.from(sealed).includes(Buffer.from(text, 'utf8')))
    }),
  )
})

test('the same text never seals to the same bytes', () => {
  const vault = new Vault(parseMasterKeys(keyText()))
  const id = person()
  const key = vault.createKey(id)
  const sealed = new Set(Array.from({ length: 1000 }, () => Buffer.from(sealText(key, 'person', 'x')).toString('hex')))
  assert.equal(sealed.size, 1000)
})

test('without the wrapped key nothing opens: erasure is final', () => {
  const vault = new Vault(parseMasterKeys(keyText()))
  const id = person()
  const { sealed } = vault.seal(id, 'secret')
  assert.equal(vault.open(id, null, sealed), undefined)
  assert.throws(() => vault.open(id, vault.createKey(id).wrapped, sealed), { code: 'seal_broken' })
})

test('a sealed value moved to another person, another purpose, or changed by a bit does not open', () => {
  const vault = new Vault(parseMasterKeys(keyText()))
  const [a, b] = [person(), person()]
  const { wrappedKey, sealed, key } = vault.seal(a, 'secret')
  assert.throws(() => vault.open(b, wrappedKey, sealed), { code: 'seal_broken' })
  assert.throws(() => openText(key, 'body', sealed), { code: 'seal_broken' })
  for (let i = 0; i < sealed.length; i++) {
    const changed = Uint8Array.from(sealed)
    changed[i] = (changed[i] ?? 0) ^ 1
    assert.throws(() => vault.open(a, wrappedKey, changed), { code: 'seal_broken' })
  }
  assert.throws(() => vault.open(a, wrappedKey, sealed.subarray(0, 5)), { code: 'seal_broken' })
})

test('every person has a key of their own, and a changed wrapped key opens nothing', () => {
  const vault = new Vault(parseMasterKeys(keyText()))
  const all = Array.from({ length: 300 }, () => {
    const id = person()
    return { id, ...vault.seal(id, id) }
  })
  const keys = new Set(all.map(({ key }) => key.key.export().toString('hex')))
  const streams = new Set(all.map(({ wrappedKey }) => Buffer.from(wrappedKey.subarray(4, 20)).toString('hex')))
  assert.deepEqual([keys.size, streams.size], [300, 300])
  for (const { id, wrappedKey, sealed, key } of all) {
    assert.equal(vault.open(id, wrappedKey, sealed), id)
    assert.ok(!Buffer.from(wrappedKey).includes(key.key.export()))
  }
  const [one] = all
  assert.ok(one)
  for (let i = 0; i < one.wrappedKey.length; i++) {
    const changed = Uint8Array.from(one.wrappedKey)
    changed[i] = (changed[i] ?? 0) ^ 1
    assert.throws(() => vault.open(one.id, changed, one.sealed), { code: i < 4 ? 'master_key_unknown' : 'seal_broken' })
  }
})

test('a new master key in front opens what the old one sealed and finds what it indexed', () => {
  const [old, fresh] = [keyText(), keyText()]
  const id = person()
  const { wrappedKey, sealed } = new Vault(parseMasterKeys(old)).seal(id, 'secret')
  const rotated = parseMasterKeys(`${fresh},${old}`)
  assert.equal(new Vault(rotated).open(id, wrappedKey, sealed), 'secret')
  assert.throws(() => new Vault(parseMasterKeys(fresh)).open(id, wrappedKey, sealed), { code: 'master_key_unknown' })
  const phone = { phone: '13800000000' }
  assert.deepEqual(new BlindIndex(rotated).ofContact(phone), new BlindIndex(parseMasterKeys(old)).ofContact(phone))
})

test('indexes find a contact however it is written, differ by field and key, and are 16 bytes', () => {
  const index = new BlindIndex(parseMasterKeys(keyText()))
  const stored = index.ofContact({ phone: '13800000000', email: 'Fang@Example.com', name: '王 芳', countryCode: 'CN' })
  const isIn = (found: readonly Uint8Array[], one: Uint8Array | null) => one !== null && found.some((item) => Buffer.from(item).equals(one))
  assert.ok(isIn(index.ofSearch('+86 138-0000-0000').phones, stored.phoneIndex))
  assert.ok(isIn(index.ofSearch(' fang@example.COM ').emails, stored.emailIndex))
  assert.ok(isIn(index.ofSearch('王芳').names, stored.nameIndex))
  assert.equal(stored.phoneIndex?.length, 16)
  const other = new BlindIndex(parseMasterKeys(keyText())).ofContact({ phone: '13800000000' })
  assert.notDeepEqual(other.phoneIndex, stored.phoneIndex)
  const same = index.ofContact({ email: 'a@b', name: 'a@b' })
  assert.notDeepEqual(same.emailIndex, same.nameIndex)
  assert.deepEqual(index.ofContact({ phone: '138****0000', email: 'none', name: ' ' }), {
    phoneIndex: null,
    emailIndex: null,
    nameIndex: null,
  })
})

test('a master key that is missing, short or not random is refused with the way out', () => {
  const refused = (setting: string | undefined) =>
    assert.throws(() => loadMasterKeys({ setting, file: undefined }), {
      code: 'master_key_invalid',
      message: /FULCRUM_MASTER_KEY.*openssl rand/,
    })
  for (const bad of [undefined, '', 'secret', randomBytes(16).toString('hex'), '0'.repeat(64), `${keyText()},`]) refused(bad)
  const hex = randomBytes(32).toString('hex')
  assert.equal(parseMasterKeys(hex).sealing.mark, parseMasterKeys(Buffer.from(hex, 'hex').toString('base64')).sealing.mark)
})

test('the key file is made once, for its owner only, and one that others can read is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-key-'))
  const file = join(folder, 'sub', 'master.key')
  try {
    const first = loadMasterKeys({ setting: undefined, file })
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.equal(loadMasterKeys({ setting: undefined, file }).sealing.mark, first.sealing.mark)
    assert.equal(parseMasterKeys(readFileSync(file, 'utf8').trim()).sealing.mark, first.sealing.mark)
    chmodSync(file, 0o644)
    assert.throws(() => loadMasterKeys({ setting: undefined, file }), { code: 'master_key_invalid', message: /chmod 600/ })
    chmodSync(file, 0o600)
    writeFileSync(file, '')
    assert.throws(() => loadMasterKeys({ setting: undefined, file }), { code: 'master_key_invalid' })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
