import { hash, verify } from '@node-rs/argon2'
import { randomInt } from 'node:crypto'
import { passwordLength } from '../../../contract/capabilities/access.ts'
import { Fault } from '../../kernel/fault.ts'
import { refuse, type Refusal } from '../../kernel/outcome.ts'
import type { Words } from '../../kernel/words.ts'

/** OWASP's second set for argon2id: 19 MiB, two passes, one lane; 20–40 ms a check. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const AT_ONCE_MAX = 2
const WAITING_MAX = 32

/** NIST SP 800-63B: compare passwords in one Unicode form. */
const prepare = (password: string): string => password.normalize('NFKC')

/** Hashes and checks passwords with argon2id, a few at a time: each takes memory and a thread of the pool. */
export class Passwords {
  #running = 0
  readonly #waiting: (() => void)[] = []
  #decoy: Promise<string> | undefined

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(prepare(password), COST))
  }

  /** Whether the password fits; without a hash (nobody has this login) as much work is done, and the answer is no. */
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    const against = passwordHash ?? (await this.decoy())
    const fits = await this.#inTurn(() => verify(against, prepare(password)))
    return fits && passwordHash !== undefined
  }

  /** Makes the decoy, so that the first unknown login is not slower than the second. */
  decoy(): Promise<string> {
    this.#decoy ??= this.hash(newPassword())
    return this.#decoy
  }

  /** Throws Fault `overloaded` when too many wait. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE_MAX) {
      if (this.#waiting.length >= WAITING_MAX) {
        throw new Fault('overloaded', `${WAITING_MAX} password checks are waiting`, 'later', { retryAfterSeconds: 2 })
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve)) // whoever ends hands its turn over
    } else {
      this.#running += 1
    }
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }
}

/** Refusal `password_weak` of a password that is short, repeats itself or is the login. */
export function weaknessOf(password: string, login: string): Refusal | undefined {
  const plain = prepare(password)
  const weak = (detail: Words): Refusal => refuse('password_weak', detail, { pointer: '/password' })
  if (Array.from(plain).length < passwordLength.min)
    return weak({ en: `a password has at least ${passwordLength.min} characters`, zh: `密码至少 ${passwordLength.min} 个字符` })
  if (new Set(plain.toLowerCase()).size < 5)
    return weak({ en: 'a password has at least 5 different characters', zh: '密码至少含 5 个不同的字符' })
  return plain.toLowerCase().includes(login.toLowerCase()) && login.length > 3
    ? weak({ en: 'a password does not contain the login', zh: '密码不得包含登录名' })
    : undefined
}

export const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz'

/** A random password of 20 characters in groups of five: 99 bits, easy to read off a terminal. */
export const newPassword = (): string =>
  Array.from({ length: 20 }, (_, i) => `${i > 0 && i % 5 === 0 ? '-' : ''}${LETTERS[randomInt(LETTERS.length)]}`).join('')
