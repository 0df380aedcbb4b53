import type { Attributes } from '../../../contract/entities/basics.ts'
import type { ComplianceRule } from '../../../contract/entities/compliance-rule.ts'
import { comparableRegion } from '../place/region.ts'
import { DAY } from '../../kernel/time.ts'

type Value = Attributes[string]
/** A rule with its texts made comparable. `no` is its position: violations come out in the order of the table. */
export type CompiledRule = {
  readonly no: number
  readonly rule: ComplianceRule
  /** That of its country, or a mere name where it names none. */
  readonly region: string | undefined
  readonly attributes: readonly (readonly [string, Value])[]
  readonly skus: ReadonlySet<string> | undefined
  /** Days since 1970-01-01 at the destination, inclusive. */
  readonly from: number
  readonly to: number
}

/** Rules about one country, or about all, by the field that tells most: sku, else attribute, else tax class, else region, else nothing. */
type Shelf = {
  readonly bySku: Map<string, CompiledRule[]>
  /** By the name, then the value of the rule's first attribute. */
  readonly byAttribute: Map<string, Map<Value, CompiledRule[]>>
  readonly byTaxClass: Map<string, CompiledRule[]>
  readonly byRegion: Map<string, CompiledRule[]>
  readonly rest: CompiledRule[]
}

/** The compliance rules, indexed so that an order looks only at those that may concern it. */
export type ComplianceTable = {
  readonly isEmpty: boolean
  /** Whether any rule begins or ends to be valid: else no day needs to be known. */
  readonly isDated: boolean
  readonly everywhere: Shelf
  readonly byCountry: ReadonlyMap<string, Shelf>
}

/** Compiles rules once for many orders; recompile when a rule changes. */
export function compileCompliance(rules: readonly ComplianceRule[]): ComplianceTable {
  const everywhere = shelf()
  const byCountry = new Map<string, Shelf>()
  const ordered = rules.toSorted((a, b) => (a.ruleId < b.ruleId ? -1 : 1))
  for (const [no, rule] of ordered.entries()) {
    const { countryCode } = rule.match
    let target = everywhere
    if (countryCode !== undefined) {
      target = byCountry.get(countryCode) ?? shelf()
      byCountry.set(countryCode, target)
    }
    place(target, compile(rule, no))
  }
  const isDated = rules.some(({ validFrom, validTo }) => validFrom !== undefined || validTo !== undefined)
  return { isEmpty: rules.length === 0, isDated, everywhere, byCountry }
}

const shelf = (): Shelf => ({ bySku: new Map(), byAttribute: new Map(), byTaxClass: new Map(), byRegion: new Map(), rest: [] })

function compile(rule: ComplianceRule, no: number): CompiledRule {
  const { countryCode = '', region, attributes, skus } = rule.match
  return {
    no,
    rule,
    region: region === undefined ? undefined : comparableRegion(countryCode, region),
    attributes: Object.entries(attributes ?? {}),
    skus: skus === undefined ? undefined : new Set(skus),
    from: rule.validFrom === undefined ? -Infinity : Date.parse(rule.validFrom) / DAY,
    to: rule.validTo === undefined ? Infinity : Date.parse(rule.validTo) / DAY,
  }
}

function place(target: Shelf, rule: CompiledRule): void {
  const attribute = rule.attributes[0]
  const { taxClass } = rule.rule.match
  if (rule.skus !== undefined) for (const sku of rule.skus) push(target.bySku, sku, rule)
  else if (attribute !== undefined) {
    const [name, value] = attribute
    const byValue = target.byAttribute.get(name) ?? new Map<Value, CompiledRule[]>()
    target.byAttribute.set(name, byValue)
    push(byValue, value, rule)
  } else if (taxClass !== undefined) push(target.byTaxClass, taxClass, rule)
  else if (rule.region !== undefined) push(target.byRegion, rule.region, rule)
  else target.rest.push(rule)
}

function push<K>(map: Map<K, CompiledRule[]>, key: K, rule: CompiledRule): void {
  const before = map.get(key)
  if (before === undefined) map.set(key, [rule])
  else before.push(rule)
}

/** An item as rules see it. */
export type CheckedItem = { readonly sku: string; readonly taxClass?: string | undefined; readonly attributes?: Attributes | undefined }
/** The part of an order that all its lines share; rules that name no country are compared with the mere name of the region. */
export type Destination = {
  readonly countryCode: string
  readonly region: string
  readonly regionName: string
  readonly channelId: string
  readonly day: number
}

/** Calls `found` with every rule that matches the item at the destination; each at most once. */
export function eachMatch(table: ComplianceTable, item: CheckedItem, to: Destination, found: (rule: CompiledRule) => void): void {
  matchShelf(table.everywhere, item, to, found)
  const local = table.byCountry.get(to.countryCode)
  if (local !== undefined) matchShelf(local, item, to, found)
}

function matchShelf(from: Shelf, item: CheckedItem, to: Destination, found: (rule: CompiledRule) => void): void {
  if (from.bySku.size > 0) matchEach(from.bySku.get(item.sku), item, to, found)
  if (from.byTaxClass.size > 0 && item.taxClass !== undefined) matchEach(from.byTaxClass.get(item.taxClass), item, to, found)
  if (from.byAttribute.size > 0 && item.attributes !== undefined) {
    for (const [name, byValue] of from.byAttribute) {
      const value = item.attributes[name]
      if (value !== undefined) matchEach(byValue.get(value), item, to, found)
    }
  }
  if (from.byRegion.size > 0) {
    matchEach(from.byRegion.get(to.region), item, to, found)
    if (to.regionName !== to.region) matchEach(from.byRegion.get(to.regionName), item, to, found)
  }
  matchEach(from.rest, item, to, found)
}

function matchEach(
  rules: readonly CompiledRule[] | undefined,
  item: CheckedItem,
  to: Destination,
  found: (rule: CompiledRule) => void,
): void {
  if (rules === undefined) return
  for (const rule of rules) if (matches(rule, item, to)) found(rule)
}

function matches(compiled: CompiledRule, item: CheckedItem, to: Destination): boolean {
  const { countryCode, taxClass, channelId } = compiled.rule.match
  if (compiled.region !== undefined && compiled.region !== (countryCode === undefined ? to.regionName : to.region)) return false
  if (to.day < compiled.from || to.day > compiled.to) return false
  if (channelId !== undefined && channelId !== to.channelId) return false
  if (taxClass !== undefined && taxClass !== item.taxClass) return false
  // The index matched skus, and the first attribute.
  for (const [name, value] of compiled.attributes) if (item.attributes?.[name] !== value) return false
  return true
}
