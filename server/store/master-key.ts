import { createHmac, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { present } from '../kernel/assert.ts'
import { Fault } from '../kernel/fault.ts'

/** Eight hex digits that name a master key without telling anything about it. */
export type KeyMark = string

/** A key that wraps the keys of persons. */
export type MasterKey = { readonly mark: KeyMark; readonly key: KeyObject }

/**
 * The hub's master keys. The first one seals; each of them opens what it sealed; the last one, the oldest, makes the blind
 * indexes, so that a new key in front does not lose the search.
 */
export type MasterKeys = {
  readonly sealing: MasterKey
  readonly all: ReadonlyMap<KeyMark, MasterKey>
  readonly indexMark: KeyMark
  readonly indexKey: KeyObject
}

const KEY_BYTES = 32
const HOW =
  'FULCRUM_MASTER_KEY must be 32 random bytes in base64 or hex (several, newest first, separated by commas): openssl rand -base64 32'

/** Where a master key comes from: the setting, else the file beside the embedded database; with DATABASE_URL there is no such file. */
export type MasterKeySource = { readonly setting: string | undefined; readonly file: string | undefined }

/** Reads the setting, or the key file, which the first start creates with mode 0600. Throws a Fault that says what to set. */
export function loadMasterKeys(source: MasterKeySource): MasterKeys {
  if (source.setting !== undefined && source.setting.trim() !== '') return parseMasterKeys(source.setting)
  if (source.file === undefined) {
    throw fault(`FULCRUM_MASTER_KEY is not set, and a database named by DATABASE_URL needs it. ${HOW}`)
  }
  return parseMasterKeys(readOrCreate(source.file))
}

/** Parses one or several keys; Fault `master_key_invalid` when one is not 32 bytes or obviously not random. */
export function parseMasterKeys(text: string): MasterKeys {
  const roots = text.split(',').map((part) => createSecretKey(decode(part.trim())))
  const keys = roots.map(wrapping)
  const sealing = present(keys[0], 'the first master key')
  const oldest = present(roots.at(-1), 'the last master key')
  const indexMark = present(keys.at(-1), 'the last master key').mark
  return { sealing, all: new Map(keys.map((one) => [one.mark, one])), indexMark, indexKey: derive(oldest, 'fulcrum blind index') }
}

function wrapping(root: KeyObject): MasterKey {
  const mark = createHmac('sha256', root).update('fulcrum master key mark').digest('hex').slice(0, 8)
  return { mark, key: derive(root, 'fulcrum wrap') }
}

function derive(key: KeyObject, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), purpose, KEY_BYTES)))
}

function decode(text: string): Buffer {
  const bytes = /^[0-9a-fA-F]{64}$/.test(text)
    ? Buffer.from(text, 'hex')
    : /^[A-Za-z0-9+/_-]{43}=?$/.test(text)
      ? Buffer.from(text, 'base64')
      : undefined
  if (bytes === undefined || bytes.length !== KEY_BYTES) throw fault(`${HOW} (got ${text.length} characters)`)
  if (new Set(bytes).size < 12) throw fault(`${HOW} (this one repeats itself too much to be random)`)
  return bytes
}

function readOrCreate(file: string): string {
  const found = read(file)
  if (found !== undefined) return found
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}.${randomBytes(4).toString('hex')}`)
  mkdirSync(dirname(file), { recursive: true })
  writeDurably(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`)
  try {
    linkSync(draft, file) // fails when another process was first: its key counts
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(draft, { force: true })
  }
  const text = read(file)
  if (text === undefined) throw fault(`the key file ${file} cannot be read back`)
  return text
}

function read(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim()
    const open = statSync(file).mode & 0o077
    if (open !== 0 && process.platform !== 'win32') {
      throw fault(`the key file ${file} can be read by others (mode ${(statSync(file).mode & 0o777).toString(8)}): chmod 600 it`)
    }
    return text
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function writeDurably(file: string, text: string): void {
  const handle = openSync(file, 'wx', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

const isCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code
const fault = (message: string): Fault => new Fault('master_key_invalid', message, 'never')
