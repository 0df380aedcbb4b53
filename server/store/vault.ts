import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { present } from '../kernel/assert.ts'
import { Fault } from '../kernel/fault.ts'
import type { PersonId } from '../kernel/ids.ts'
import type { MasterKeys } from './master-key.ts'
import { randomPooled } from './random-pool.ts'

/**
 * Personal data is sealed with a key per person (AES-256-GCM), and that key is wrapped by the hub's master key (AES-256-CTR).
 * Deleting the wrapped key is the erasure: every text sealed for the person, wherever a copy lies, can never be read again.
 *
 * A wrapped key is: 4 bytes mark of the master key, 16 counter block, 32 ciphertext. A sealed text is: 12 nonce, ciphertext, 16 tag;
 * person and purpose are authenticated with it, so a text moved to another row or column, or met by a changed key, does not open.
 * NOTE: CTR alone proves nothing; what it wraps are random keys, and a wrong one is noticed by the tag of the first text.
 * Keys are wrapped 64 at a time, as one stream behind one random nonce: that costs 0.3 µs a key, a cipher of its own for each 5 µs.
 */
export type PersonKey = { readonly personId: PersonId; readonly wrapped: Uint8Array; readonly key: KeyObject }

/** What a text is: the person's own fields, a raw channel body, fields of a body that no mapping knows, a shared secret of a channel, an address that is proposed. */
export type SealedPurpose = 'person' | 'body' | 'unknownFields' | 'secret' | 'address'

const NONCE = 12
const TAG = 16
const MARK = 4
const KEY = 32
const COUNTER = 16
const WRAPPED = MARK + COUNTER + KEY
const KEYS_AHEAD = 64
const GCM = { authTagLength: TAG }

/** A key that waits for its person. */
type SpareKey = { readonly wrapped: Uint8Array; readonly key: KeyObject }

export class Vault {
  readonly #keys: MasterKeys
  readonly #sealingMark: Buffer
  #spare: SpareKey[] = []

  constructor(keys: MasterKeys) {
    this.#keys = keys
    this.#sealingMark = Buffer.from(keys.sealing.mark, 'hex')
  }

  /** A new key for a person; `wrapped` is what the database keeps. */
  createKey(personId: PersonId): PersonKey {
    let spare = this.#spare.pop()
    if (spare === undefined) {
      this.#spare = this.#wrapMany()
      spare = present(this.#spare.pop(), 'a spare key')
    }
    return { personId, wrapped: spare.wrapped, key: spare.key }
  }

  /** The key behind a wrapped one. Fault `master_key_unknown` when another master key wrapped it. */
  openKey(personId: PersonId, wrapped: Uint8Array): PersonKey {
    if (wrapped.length !== WRAPPED) throw broken(`the key of ${personId} has ${wrapped.length} bytes, expected ${WRAPPED}`)
    const mark = Buffer.from(wrapped.subarray(0, MARK)).toString('hex')
    const master = this.#keys.all.get(mark)
    if (master === undefined) {
      const known = [...this.#keys.all.keys()].join(', ')
      const message = `the key of ${personId} was wrapped by master key ${mark}; FULCRUM_MASTER_KEY has ${known}`
      throw new Fault('master_key_unknown', message, 'never')
    }
    const decipher = createDecipheriv('aes-256-ctr', master.key, wrapped.subarray(MARK, MARK + COUNTER))
    const bytes = decipher.update(wrapped.subarray(MARK + COUNTER))
    const key = createSecretKey(bytes)
    bytes.fill(0)
    return { personId, wrapped, key }
  }

  /** The counter block of a key is the stream's nonce and the place of the key in it, two blocks a key. */
  #wrapMany(): SpareKey[] {
    const plain = randomBytes(KEYS_AHEAD * KEY)
    const nonce = randomBytes(COUNTER)
    nonce.writeUInt32BE(0, NONCE)
    const stream = createCipheriv('aes-256-ctr', this.#keys.sealing.key, nonce).update(plain)
    const spare = Array.from({ length: KEYS_AHEAD }, (_, i): SpareKey => {
      nonce.writeUInt32BE(2 * i, NONCE)
      const wrapped = Buffer.concat([this.#sealingMark, nonce, stream.subarray(i * KEY, (i + 1) * KEY)])
      return { wrapped, key: createSecretKey(plain.subarray(i * KEY, (i + 1) * KEY)) }
    })
    plain.fill(0)
    return spare
  }

  /** Seals what is known of a new person. */
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
  return encrypt(person.key, bytes, `${purpose}\0${person.personId}`)
}

/** The text behind {@link sealText}. Fault `seal_broken` when it was changed, moved, or sealed with another key. */
export function openText(person: PersonKey, purpose: SealedPurpose, sealed: Uint8Array): string {
  return openBytes(person, purpose, sealed).toString('utf8')
}

/** As {@link openText}, for bodies whose bytes count (signatures). */
export function openBytes(person: PersonKey, purpose: SealedPurpose, sealed: Uint8Array): Buffer {
  return decrypt(person.key, sealed, `${purpose}\0${person.personId}`)
}

function encrypt(key: KeyObject, plain: Uint8Array, bound: string): Uint8Array {
  const nonce = randomPooled(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, GCM)
  cipher.setAAD(Buffer.from(bound, 'latin1'))
  const body = cipher.update(plain)
  cipher.final()
  const sealed = Buffer.allocUnsafe(NONCE + body.length + TAG) // every byte is written below
  nonce.copy(sealed, 0)
  body.copy(sealed, NONCE)
  cipher.getAuthTag().copy(sealed, NONCE + body.length)
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
