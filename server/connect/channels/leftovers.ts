import { isRecord } from '../../kernel/lossless-json.ts'
import { termPaths } from './amounts.ts'
import type { Condition, Mapping, MoneyRule, Source } from './mapping.ts'
import { isBlank } from './path.ts'

/** Which paths of an order some rule reads, as a tree: `true` = the whole of it. */
type Tree = { [key: string]: Tree | true }
type Fields = { readonly mapped: Tree; readonly kept: Tree }
const cache = new WeakMap<Mapping, Fields>()

function plant(tree: Tree, path: string): void {
  let at = tree
  const keys = path
    .replaceAll('[]', '')
    .split('.')
    .filter((key) => key !== '$' && key !== '')
  for (const [i, key] of keys.entries()) {
    const next = at[key]
    if (next === true) return
    if (i === keys.length - 1) at[key] = true
    else at = next ?? (at[key] = {})
  }
}

const sourcePath = (source: Source): string => (typeof source === 'string' ? source : source.path)

/** Every path below a rule object that reads something, relative to the rule's scope. */
function pathsIn(rule: unknown): readonly string[] {
  if (Array.isArray(rule)) return rule.flatMap(pathsIn)
  if (!isRecord(rule)) return []
  if (isMoney(rule)) return moneyPaths(rule)
  if (isSourced(rule)) return [...rule.from.map(sourcePath), ...(rule.parts ?? [])]
  if (isCondition(rule)) return [rule.path]
  return Object.values(rule).flatMap(pathsIn)
}
const isMoney = (rule: object): rule is MoneyRule => 'type' in rule && rule.type === 'money'
const isSourced = (rule: object): rule is { readonly from: readonly Source[]; readonly parts?: readonly string[] } =>
  'from' in rule && Array.isArray(rule.from)
const isCondition = (rule: object): rule is Condition => 'path' in rule && typeof rule.path === 'string'

const moneyPaths = (rule: MoneyRule): readonly string[] =>
  rule.anyOf.flatMap((one) =>
    Array.isArray(one) ? one.flatMap(termPaths) : [...one.when.map((condition) => condition.path), ...one.sum.flatMap(termPaths)],
  )

function fieldsOf(mapping: Mapping): Fields {
  const known = cache.get(mapping)
  if (known) return known
  const mapped: Tree = {}
  const plantIn = (base: string, paths: readonly string[]): void => {
    for (const path of paths) plant(mapped, path.startsWith('/') ? path.slice(1) : base === '$' ? path : `${base}.${path}`)
  }
  const { lines, address, payments, ...rest } = mapping
  const { externalRef, currency, placedAt, version, status, cancelled, taxesIncluded, customer, shipping, charges, discount, stated } = rest
  plantIn(
    '$',
    pathsIn([externalRef, currency, placedAt, version, status, cancelled, taxesIncluded, customer, shipping, charges, discount, stated]),
  )
  plantIn('$', pathsIn([rest.promisedBy, rest.note, Object.values(rest.attributes ?? {}), rest.review]))
  for (const at of lines.at) plantIn(at, pathsIn({ ...lines, at: undefined, attributes: Object.values(lines.attributes ?? {}) }))
  for (const place of address.at) plantIn(place.path, pathsIn(Object.values(address.fields)))
  for (const payment of payments) {
    if (payment.when) plantIn(payment.each ?? '$', pathsIn(payment.when))
    plantIn(payment.each ?? '$', pathsIn([payment.amount, payment.method, payment.paymentRef, payment.occurredAt]))
  }
  const kept: Tree = {}
  for (const path of mapping.kept) plant(kept, path)
  const fields = { mapped, kept }
  cache.set(mapping, fields)
  return fields
}

const branch = (tree: Tree, key: string): Tree | true | undefined => (Object.hasOwn(tree, key) ? tree[key] : undefined)

/** What no rule reads, in the shape of the body: list elements stay at their place as `{}`. Undefined when nothing is left. */
function without(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) {
    const rest = value.map((element: unknown) => without(element, tree))
    return rest.some((element) => element !== undefined) ? rest.map((element) => element ?? {}) : undefined
  }
  if (!isRecord(value)) return value
  const entries: (readonly [string, unknown])[] = []
  for (const key of Object.keys(value)) {
    const below = branch(tree, key)
    const rest = below === true ? undefined : below === undefined ? value[key] : without(value[key], below)
    if (rest !== undefined) entries.push([key, rest])
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function unknownPaths(value: unknown, kept: Tree, mapped: Tree, path: string, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const element of value) unknownPaths(element, kept, mapped, path, found)
    return
  }
  if (!isRecord(value)) return
  for (const key of Object.keys(value)) {
    const [keptBelow, mappedBelow] = [branch(kept, key), branch(mapped, key)]
    if (keptBelow === true || mappedBelow === true) continue
    const at = path === '' ? key : `${path}.${key}`
    if (keptBelow === undefined && mappedBelow === undefined) {
      if (!isBlank(value[key])) found.add(at)
    } else unknownPaths(value[key], keptBelow ?? {}, mappedBelow ?? {}, at, found)
  }
}

export type Leftovers = { readonly unmapped: Readonly<Record<string, unknown>>; readonly unknown: readonly string[] }

/** Fields of an order that no rule reads (kept), and the paths of those that the platform's documents do not name either. */
export function leftoversOf(mapping: Mapping, order: unknown): Leftovers {
  const fields = fieldsOf(mapping)
  const unmapped = without(order, fields.mapped)
  const found = new Set<string>()
  unknownPaths(order, fields.kept, fields.mapped, '', found)
  return { unmapped: isRecord(unmapped) ? unmapped : {}, unknown: [...found] }
}
