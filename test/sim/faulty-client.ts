import type { Client } from '../../server/store/database.ts'
import type { Chance } from './random.ts'

/** What the proxy sees of a statement: its name (`begin`, `commit` and `rollback` stand for themselves) and its parameters. */
export type Sent = { readonly name: string; readonly text: string; readonly values: readonly unknown[] }
type Answer = { readonly rows: Record<string, unknown>[]; readonly rowCount: number | null; readonly command: string }

/** Changes what a statement says, or what it is told to have done: the way in which a planted bug gets in. */
export type Mutation = {
  rewrite?(sent: Sent): Sent
  /** Runs the statement this many times. */
  repeat?(sent: Sent): number
  answer?(sent: Sent, answer: Answer): Answer
}

export type Faults = {
  /** Chances per transaction. */
  readonly dropBeforeCommit: number
  readonly dropDuringCommit: number
  readonly dropAfterCommit: number
  /** Chances per statement. */
  readonly drop: number
  readonly deadlock: number
  readonly delay: number
}

export const NO_FAULTS: Faults = { dropBeforeCommit: 0, dropDuringCommit: 0, dropAfterCommit: 0, drop: 0, deadlock: 0, delay: 0 }

/** How often each fault struck: a run in which none did has tested nothing. */
export type Struck = Record<keyof Faults, number>

type Query = (config: { name: string; text: string; values: unknown[] }) => Promise<Answer>

const LOST = () => new Error('Connection terminated unexpectedly')
/** A real error of the server in place of the statement, so that the transaction is aborted there too. */
const DEADLOCK = `do $$ begin raise exception using errcode = '40P01', message = 'deadlock detected'; end $$`

/**
 * A client that breaks as networks and servers do. The transaction's fate is real: before-commit drops roll back, after-commit drops have
 * committed, and those during commit may be either.
 */
export function faultyClient(client: Client, faults: Faults, random: Chance, struck: Struck, mutation: Mutation = {}): Client {
  const real = (client.query as unknown as Query).bind(client)
  const strike = (kind: keyof Faults): boolean => {
    if (faults[kind] === 0 || !random.is(faults[kind])) return false
    struck[kind] += 1
    return true
  }
  const cut = () => (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  let isOpen = false
  const query = async (config: string | { name?: string; text: string; values?: unknown[] }): Promise<Answer> => {
    const given = typeof config === 'string' ? { text: config } : config
    const original: Sent = { name: nameOf(given.text), text: given.text, values: given.values ?? [] }
    const sent = mutation.rewrite?.(original) ?? original
    const send = () => real({ name: sent === original ? (given.name ?? '') : '', text: sent.text, values: [...sent.values] })
    if (sent.name === 'begin') isOpen = true
    const wasOpen = isOpen
    if (sent.name === 'commit' || sent.name === 'rollback') isOpen = false
    if (!wasOpen || sent.name === 'rollback') return mutated(await send(), sent)
    if (sent.name === 'commit') return commit(send, sent)
    if (strike('drop')) cut()
    if (strike('delay')) void real({ name: '', text: `select pg_sleep(0.00${1 + random.below(9)})`, values: [] }).catch(() => undefined)
    if (sent.name !== 'begin' && strike('deadlock')) return real({ name: '', text: DEADLOCK, values: [] })
    const answers = Array.from({ length: mutation.repeat?.(sent) ?? 1 }, send)
    const last = answers.at(-1) ?? send()
    for (const earlier of answers) earlier.catch(() => undefined)
    return mutated(await last, sent)
  }
  const commit = async (send: () => Promise<Answer>, sent: Sent): Promise<Answer> => {
    if (strike('dropBeforeCommit')) {
      cut()
      throw LOST()
    }
    const answering = send()
    if (strike('dropDuringCommit')) {
      answering.catch(() => undefined)
      setImmediate(cut)
      return answering
    }
    const answer = await answering
    if (strike('dropAfterCommit')) {
      cut()
      throw LOST()
    }
    return mutated(answer, sent)
  }
  const mutated = (answer: Answer, sent: Sent): Answer => mutation.answer?.(sent, answer) ?? answer
  return new Proxy(client, {
    get(target, property) {
      if (property === 'query') return query
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

const nameOf = (text: string): string => /^\/\* fulcrum:(\w+) \*\//.exec(text)?.[1] ?? text.trim().toLowerCase()
