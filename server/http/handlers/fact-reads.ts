import type { Principal } from '../../domain/access/principal.ts'
import { presentChannel, presentFact, presentNode } from '../../domain/access/present-fact.ts'
import type { ChannelDoc, FactKind, Memory } from '../../engine/memory.ts'
import { encodePageKey } from '../../kernel/cursor.ts'
import { done, refuse, type Outcome } from '../../kernel/outcome.ts'
import type { Account } from '../../../contract/entities/account.ts'
import type { ItemInput } from '../../../contract/entities/item.ts'
import type { Supply } from '../../../contract/entities/stock.ts'
import { listAccounts, listItems, listSupply } from '../../store/fact-reads.ts'
import { accountsById, supplyById } from '../../store/facts.ts'
import type { Handlers } from '../handler.ts'
import { pageKeyOf, type ReadDeps } from './read-deps.ts'

type FactName = Extract<keyof Handlers, `${FactKind}.list` | `${FactKind}.get`>
type Query = { readonly cursor?: string; readonly limit?: number }
type Page<T> = { items: T[]; next?: string }
/** A page of rows behind a key, in the order of keys. */
type Rows<R> = (after: string, limit: number) => readonly R[] | Promise<readonly R[]>

const factUnknown = (kind: FactKind, key: string) =>
  refuse('entity_unknown', { en: `there is no ${kind} "${key}" within your scope`, zh: `您的范围内没有 ${kind}“${key}”` }, { got: key })

/**
 * A page of what the viewer may see. Rows out of scope are skipped, not counted: reading goes on until the page is full, at most
 * SCANS_MAX reads of `step` rows, then the cursor says where to go on.
 */
async function pageOfFacts<R extends { readonly key: string }, T>(
  kind: FactKind,
  query: Query,
  rows: Rows<R>,
  show: (row: R) => T | undefined,
  step = query.limit ?? 50,
): Promise<Outcome<Page<T>>> {
  const limit = query.limit ?? 50
  const key = pageKeyOf(kind, ['string'], query.cursor, [''])
  if (key.status === 'refused') return key
  let [after] = key.value
  const items: T[] = []
  for (let scan = 0; scan < SCANS_MAX; scan++) {
    const found = await rows(after, step + 1)
    for (const row of found.slice(0, step)) {
      if (items.length === limit) return done({ items, next: encodePageKey(kind, [after]) })
      after = row.key
      const shown = show(row)
      if (shown !== undefined) items.push(shown)
    }
    if (found.length <= step) return done({ items })
  }
  return done({ items, next: encodePageKey(kind, [after]) })
}
const SCANS_MAX = 10

type Versioned<D> = { readonly doc: D; readonly version: number }
type MemoryRow<D> = Versioned<D> & { readonly key: string }

/** Sorted keys of a kind, kept until a fact of the kind changes. */
class SortedKeys {
  readonly #memory: Memory
  readonly #known = new Map<FactKind, { readonly generation: number; readonly keys: readonly string[] }>()

  constructor(memory: Memory) {
    this.#memory = memory
  }

  after(kind: FactKind, key: string, limit: number): readonly string[] {
    const generation = this.#memory.generations[kind]
    let known = this.#known.get(kind)
    if (known?.generation !== generation) {
      known = { generation, keys: [...this.#memory.mapOf(kind).keys()].sort() }
      this.#known.set(kind, known)
    }
    let low = 0
    let high = known.keys.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((known.keys[middle] ?? '') <= key) low = middle + 1
      else high = middle
    }
    return known.keys.slice(low, low + limit)
  }
}

/** List and read of the facts that memory holds whole. */
function memoryFact<D, T extends { readonly version: number }>(
  sorted: SortedKeys,
  kind: FactKind,
  map: ReadonlyMap<string, Versioned<D>>,
  show: (principal: Principal, row: MemoryRow<D>) => T | undefined,
) {
  return {
    list: async ({ principal }: { readonly principal: Principal }, { query }: { readonly query: Query }) => {
      const rows: Rows<MemoryRow<D>> = (after, limit) =>
        sorted.after(kind, after, limit).flatMap((key) => {
          const fact = map.get(key)
          return fact === undefined ? [] : [{ key, doc: fact.doc, version: fact.version }]
        })
      return pageOfFacts(kind, query, rows, (row) => show(principal, row))
    },
    get: async (principal: Principal, key: string) => {
      const fact = map.get(key)
      const shown = fact === undefined ? undefined : show(principal, { key, doc: fact.doc, version: fact.version })
      return shown === undefined ? factUnknown(kind, key) : { ...done(shown), version: shown.version }
    },
  }
}

const channelOf = (principal: Principal, { doc, version }: Versioned<ChannelDoc>) => {
  const { sealedSecret, sealedWriteBackToken, ...rest } = doc
  const hasToken = sealedWriteBackToken === undefined ? {} : { hasWriteBackToken: true as const }
  return presentChannel(principal, { ...rest, hasSecret: sealedSecret !== undefined, ...hasToken, version })
}

/** Rows of one read of a search. */
const SEARCHED = 1000

/** Whether an item is called something in which the text is found, without case. */
function isCalled({ sku, name, names, aliases }: ItemInput, text: string | undefined): boolean {
  if (text === undefined) return true
  const wanted = text.trim().toLowerCase()
  const called = [sku, name, ...Object.values(names ?? {}), ...(aliases ?? []).map((alias) => alias.code)]
  return called.some((one) => one.toLowerCase().includes(wanted))
}

/** Every kind of reference fact: a list by key and one by its key. */
export function factReadHandlers(deps: ReadDeps): Pick<Handlers, FactName> {
  const { memory, pool } = deps
  const sorted = new SortedKeys(memory)
  /** A fact that only its kind, key and what it hangs on decide about. */
  const plain = <D extends object>(
    kind: FactKind,
    map: ReadonlyMap<string, Versioned<D>>,
    on: (doc: D) => { carrierId?: string } = () => ({}),
  ) => memoryFact(sorted, kind, map, (principal, { key, doc, version }) => presentFact(principal, kind, key, { ...doc, version }, on(doc)))
  const items = plain('item', memory.items)
  const nodes = memoryFact(sorted, 'node', memory.nodes, (principal, { doc, version }) => presentNode(principal, { ...doc, version }))
  const channels = memoryFact(sorted, 'channel', memory.channels, channelOf)
  const carriers = plain('carrier', memory.carriers)
  const lanes = plain('lane', memory.lanes, ({ carrierId }) => ({ carrierId }))
  const rates = plain('rate', memory.rates, ({ carrierId }) => ({ carrierId }))
  const calendars = plain('calendar', memory.calendars)
  const taxRules = plain('taxRule', memory.taxRules)
  const complianceRules = plain('complianceRule', memory.complianceRules)
  const emissionFactors = plain('emissionFactor', memory.emissionFactors)
  return {
    'item.list': ({ principal }, { query }) =>
      pageOfFacts(
        'item',
        query,
        (after, limit) => listItems(pool, after, limit),
        (row) => {
          // The text of the database is what was written; memory has it typed, and newer or the same.
          const known = memory.items.get(row.key)
          if (known === undefined || !isCalled(known.doc, query.q)) return undefined
          return presentFact(principal, 'item', row.key, { ...known.doc, version: known.version })
        },
        query.q === undefined ? query.limit : SEARCHED,
      ),
    'item.get': ({ principal }, { params }) => items.get(principal, params.sku),
    'node.list': nodes.list,
    'node.get': ({ principal }, { params }) => nodes.get(principal, params.nodeId),
    'channel.list': channels.list,
    'channel.get': ({ principal }, { params }) => channels.get(principal, params.channelId),
    'carrier.list': carriers.list,
    'carrier.get': ({ principal }, { params }) => carriers.get(principal, params.carrierId),
    'lane.list': lanes.list,
    'lane.get': ({ principal }, { params }) => lanes.get(principal, params.laneId),
    'rate.list': rates.list,
    'rate.get': ({ principal }, { params }) => rates.get(principal, params.rateId),
    'calendar.list': calendars.list,
    'calendar.get': ({ principal }, { params }) => calendars.get(principal, params.calendarId),
    'taxRule.list': taxRules.list,
    'taxRule.get': ({ principal }, { params }) => taxRules.get(principal, params.ruleId),
    'complianceRule.list': complianceRules.list,
    'complianceRule.get': ({ principal }, { params }) => complianceRules.get(principal, params.ruleId),
    'emissionFactor.list': emissionFactors.list,
    'emissionFactor.get': ({ principal }, { params }) => emissionFactors.get(principal, params.factorId),
    ...accountReads(deps),
    ...supplyReads(deps),
  }
}

/** Accounts come from the database: what they owe moves with every order. */
function accountReads({ pool }: ReadDeps): Pick<Handlers, 'account.list' | 'account.get'> {
  const show = (
    principal: Principal,
    row: { readonly key: string; readonly doc: unknown; readonly exposure: string; readonly version: number },
  ) => presentFact(principal, 'account', row.key, { ...accountDoc(row.doc), exposure: Number(row.exposure), version: row.version })
  return {
    'account.list': ({ principal }, { query }) => {
      const { customer } = principal.scope
      const own = customer === undefined ? undefined : 'accountId' in customer ? [customer.accountId] : []
      return pageOfFacts(
        'account',
        query,
        (after, limit) => listAccounts(pool, after, limit, own),
        (row) => show(principal, row),
      )
    },
    'account.get': async ({ principal }, { params }) => {
      const [row] = await accountsById(pool, [params.accountId])
      const shown = row === undefined ? undefined : show(principal, { ...row, key: row.account_id })
      return shown === undefined ? factUnknown('account', params.accountId) : { ...done(shown), version: shown.version }
    },
  }
}
const accountDoc = (doc: unknown): Omit<Account, 'exposure' | 'version'> => doc as Omit<Account, 'exposure' | 'version'>

/** Dated supply comes from the database: reservations take from it. */
function supplyReads({ pool }: ReadDeps): Pick<Handlers, 'supply.list' | 'supply.get'> {
  const show = (
    principal: Principal,
    row: { readonly key: string; readonly doc: unknown; readonly reserved: number; readonly version: number },
  ) => {
    const doc = supplyDoc(row.doc)
    return presentFact(principal, 'supply', row.key, { ...doc, reserved: row.reserved, version: row.version }, { nodeId: doc.nodeId })
  }
  return {
    'supply.list': ({ principal }, { query }) =>
      pageOfFacts(
        'supply',
        query,
        (after, limit) => listSupply(pool, after, limit, principal.scope.nodes),
        (row) => show(principal, row),
      ),
    'supply.get': async ({ principal }, { params }) => {
      const [row] = await supplyById(pool, [params.supplyId])
      const shown = row === undefined ? undefined : show(principal, { ...row, key: row.supply_id })
      return shown === undefined ? factUnknown('supply', params.supplyId) : { ...done(shown), version: shown.version }
    },
  }
}
const supplyDoc = (doc: unknown): Omit<Supply, 'reserved' | 'version'> => doc as Omit<Supply, 'reserved' | 'version'>
