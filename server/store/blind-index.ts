import { createHmac, type KeyObject } from 'node:crypto'
import { normaliseEmail, normaliseName, normalisePhone, phoneReadings } from '../domain/access/contact.ts'
import type { MasterKeys } from './master-key.ts'

/** What a person can be found by: 16 bytes each, null where the field is missing or says nothing. */
export type ContactIndexes = {
  readonly phoneIndex: Uint8Array | null
  readonly emailIndex: Uint8Array | null
  readonly nameIndex: Uint8Array | null
}
/** Values to compare the three columns with; a text that cannot be a phone, e-mail or name has none for it. */
export type SearchIndexes = {
  readonly phones: readonly Uint8Array[]
  readonly emails: readonly Uint8Array[]
  readonly names: readonly Uint8Array[]
}

const BYTES = 16

/** Keyed hashes of contact fields: equal inputs can be found, nothing can be read from them without the key. 2 µs a field. */
export class BlindIndex {
  readonly #key: KeyObject

  constructor(keys: MasterKeys) {
    this.#key = keys.indexKey
  }

  /** `countryCode` is that of the address: it says how a national phone number is meant. */
  ofContact(contact: {
    readonly phone?: string
    readonly email?: string
    readonly name?: string
    readonly countryCode?: string
  }): ContactIndexes {
    return {
      phoneIndex: this.#of('phone', contact.phone === undefined ? undefined : normalisePhone(contact.phone, contact.countryCode)),
      emailIndex: this.#of('email', contact.email === undefined ? undefined : normaliseEmail(contact.email)),
      nameIndex: this.#of('name', contact.name === undefined ? undefined : normaliseName(contact.name)),
    }
  }

  /** What a search text may be, without a country: each reading of a phone, the e-mail, the full name. */
  ofSearch(text: string): SearchIndexes {
    const email = normaliseEmail(text)
    return {
      phones: phoneReadings(text).map((reading) => this.#hash('phone', reading)),
      emails: email === undefined ? [] : [this.#hash('email', email)],
      names: [this.#of('name', normaliseName(text))].filter((index) => index !== null),
    }
  }

  /** Tells one input of a request from another: its text, and a body as it came. */
  ofInput(text: string, body: Uint8Array): Uint8Array {
    return createHmac('sha256', this.#key).update(`input\0${text}\0`).update(body).digest()
  }

  #of(field: string, value: string | undefined): Uint8Array | null {
    return value === undefined ? null : this.#hash(field, value)
  }

  #hash(field: string, value: string): Uint8Array {
    return createHmac('sha256', this.#key).update(`${field}\0${value}`).digest().subarray(0, BYTES)
  }
}
