import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import { Fault } from '../kernel/fault.ts'
import type { PersonId } from '../kernel/ids.ts'
import type { MasterKeys } from './master-key.ts'
import { randomPooled } from './random-pool.ts'

/**
 * Personal data is sealed with a key per person, and that key with the hub's master key, both by AES-256-GCM. Deleting the
 * wrapped key is the erasure: every text sealed for the person, wherever a copy lies, can never be read again.
 *
 * A wrapped key is: 4 bytes mark of the master key, 12 nonce, 32 ciphertext, 16 tag. A sealed text is: 12 nonce, ciphertext,
 * 16 tag. Person and purpose are authenticated with each, so a value moved to another row or column does not open.
 * Nonces are random: a master key is good for 2^32 persons (NIST SP 800-38D, 8.3), then put a new one in front.
 */
export type PersonKey = { readonly personId: PersonId; readonly wrapped: Uint8Array; readonly key: KeyObject }

/** What a text is: the person's own fields, a raw channel body, fields of a body that no mapping knows. */
export type SealedPurpose = 'person' | 'body' | 'unknownFields'

const NONCE = 12
const TAG = 16
const MARK = 4
const KEY = 32
const WRAPPED = MARK + NONCE + KEY + TAG
const GCM = { authTagLength: TAG }

export class Vault {
  readonly #keys: MasterKeys
  readonly #sealingMark: Buffer

  constructor(keys: MasterKeys) {
    this.#keys = keys
    this.#sealingMark = Buffer.from(keys.sealing.mark, 'hex')
  }

  /** A new key for a person; `wrapped` is what the database keeps. */
  createKey(personId: PersonId): PersonKey {
    const bytes = randomPooled(KEY)
    const wrapped = encrypt(this.#keys.sealing.key, bytes, `key\0${personId}`, this.#sealingMark)
    const key = createSecretKey(bytes)
    bytes.fill(0)
    return { personId, wrapped, key }
  }

  /** The key behind a wrapped one. Fault `master_key_unknown` when another master key wrapped it, `seal_broken` when it was changed. */
  openKey(personId: PersonId, wrapped: Uint8Array): PersonKey {
    if (wrapped.length !== WRAPPED) throw broken(`the key of ${personId} has ${wrapped.length} bytes, expected ${WRAPPED}`)
    const mark = Buffer.from(wrapped.subarray(0, MARK)).toString('hex')
    const master = this.#keys.all.get(mark)
    if (master === undefined) {
      const known = [...this.#keys.all.keys()].join(', ')
      const message = `the key of ${personId} was wrapped by master key ${mark}; FULCRUM_MASTER_KEY has ${known}`
      throw new Fault('master_key_unknown', message, 'never')
    }
    const bytes = decrypt(master.key, wrapped.subarray(MARK), `key\0${personId}`)
    const key = createSecretKey(bytes)
    bytes.fill(0)
    return { personId, wrapped, key }
  }

  /** Seals what is known of a new person: 9 µs for 200 bytes. */
  seal(personId: PersonId, json: string): { readonly wrappedKey: Uint8Array; readonly sealed: Uint8Array; readonly key: PersonKey } {
    const key = this.createKey(personId)
    return { wrappedKey: key.wrapped, sealed: sealText(key, 'person', json), key }
  }

  /** The JSON that {@link seal} took, or undefined when the person was erased. */
  open(personId: PersonId, wrappedKey: Uint8Array | null, sealed: Uint8Array): string | undefined {
    return wrappedKey === null ? undefined : openText(this.openKey(personId, wrappedKey), 'person', sealed)
  }
}

/** Seals one more text for a person with that person's key. */
export function sealText(person: PersonKey, purpose: SealedPurpose, text: string | Uint8Array): Uint8Array {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text
  return encrypt(person.key, bytes, `${purpose}\0${person.personId}`, undefined)
}

/** The text behind {@link sealText}. Fault `seal_broken` when it was changed, moved, or sealed with another key. */
export function openText(person: PersonKey, purpose: SealedPurpose, sealed: Uint8Array): string {
  return openBytes(person, purpose, sealed).toString('utf8')
}

/** As {@link openText}, for bodies whose bytes count (signatures). */
export function openBytes(person: PersonKey, purpose: SealedPurpose, sealed: Uint8Array): Buffer {
  return decrypt(person.key, sealed, `${purpose}\0${person.personId}`)
}

function encrypt(key: KeyObject, plain: Uint8Array, bound: string, head: Buffer | undefined): Uint8Array {
  const nonce = randomPooled(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, GCM)
  cipher.setAAD(Buffer.from(bound, 'latin1'))
  const body = cipher.update(plain)
  cipher.final()
  const start = head === undefined ? 0 : head.length
  const sealed = Buffer.allocUnsafe(start + NONCE + body.length + TAG) // every byte is written below
  if (head !== undefined) head.copy(sealed, 0)
  nonce.copy(sealed, start)
  body.copy(sealed, start + NONCE)
  cipher.getAuthTag().copy(sealed, start + NONCE + body.length)
  return sealed
}

function decrypt(key: KeyObject, sealed: Uint8Array, bound: string): Buffer {
  if (sealed.length < NONCE + TAG) throw broken(`a sealed text has ${sealed.length} bytes, expected at least ${NONCE + TAG}`)
  const end = sealed.length - TAG
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), GCM)
  decipher.setAAD(Buffer.from(bound, 'latin1'))
  decipher.setAuthTag(sealed.subarray(end))
  const plain = decipher.update(sealed.subarray(NONCE, end))
  try {
    decipher.final()
  } catch (cause) {
    throw broken('a sealed text was changed, moved to another person, or sealed with another key', cause)
  }
  return plain
}

const broken = (message: string, cause?: unknown): Fault => new Fault('seal_broken', message, 'never', { cause })
