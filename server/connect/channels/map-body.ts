import type { ChannelFacts, MappedBody, MappedOrder, MappingIssue, MappingVerdict } from '../../engine/ports/channel-mapper.ts'
import { isRecord, readJson } from '../../kernel/lossless-json.ts'
import { bodyHash, mapOrder } from './map-order.ts'
import type { Condition, Mapping } from './mapping.ts'
import { findAll, findOne, textOf, type Found } from './path.ts'
import { describe, holds, issue } from './reading.ts'

const ORDERS_MAX = 1000

const allHold = (scope: Found, conditions: readonly Condition[]): boolean =>
  conditions.every((condition) => holds(condition, findAll(scope, condition.path)))

/** An order has enough of the platform's marks, and nothing that only another body has. */
function isOrder(mapping: Mapping, found: Found): boolean {
  if (!isRecord(found.value) || foreignName(mapping, found) !== undefined) return false
  return mapping.marks.of.filter((path) => findAll(found, path).length > 0).length >= mapping.marks.atLeast
}

function foreignName(mapping: Mapping, found: Found): string | undefined {
  return mapping.foreign.find(({ path, is }) => {
    const there = findAll(found, path)
    return there.length > 0 && holds({ path, ...(is === undefined ? {} : { is }) }, there)
  })?.name
}

/** Opens a string in which a gateway put the whole order. */
function openString(found: Found): Found {
  if (typeof found.value !== 'string') return found
  const read = readJson(found.value)
  return read.status === 'read' && isRecord(read.value) ? { ...found, value: read.value } : found
}

/** The first envelope in which at least one order lies; others beside it come along, to be named as no orders. */
function candidates(mapping: Mapping, body: Found): readonly Found[] {
  for (const envelope of mapping.envelopes) {
    const found = findAll(body, envelope).map(openString)
    if (found.some((one) => isOrder(mapping, one))) return found
  }
  return []
}

function gatewayIssue(mapping: Mapping, body: Found): MappingIssue | undefined {
  const failure = mapping.failures.find((one) => allHold(body, one.when))
  if (!failure) return undefined
  const says = failure.says.map((path) => textOf(findOne(body, path)?.value)).find((text) => text !== undefined)
  return issue(
    'gateway_error',
    'error',
    failure.when[0]?.path ?? '$',
    'an order',
    says === undefined ? 'an error without words' : describe(says),
  )
}

function notAnOrder(mapping: Mapping, found: Found): MappingIssue {
  const name = foreignName(mapping, found)
  const got = name === undefined ? describe(found.value) : name
  const expected = `an order of ${mapping.platform} (at least ${mapping.marks.atLeast} of ${mapping.marks.of.join(', ')})`
  return issue('not_an_order', 'notice', found.path, expected, got)
}

const rank: readonly MappingVerdict[] = ['ignored', 'clean', 'review', 'inbox']
const worst = (verdicts: readonly MappingVerdict[]): MappingVerdict =>
  verdicts.reduce((one, other) => (rank.indexOf(other) > rank.indexOf(one) ? other : one), 'ignored')

function ofElement(mapping: Mapping, channel: ChannelFacts, found: Found): MappedOrder {
  if (isOrder(mapping, found)) return mapOrder(mapping, channel, found)
  const issues = [notAnOrder(mapping, found)]
  return { verdict: 'ignored', stated: {}, unmapped: {}, issues, source: found.value, bodyHash: bodyHash(mapping, found.value) }
}

const only = (verdict: MappingVerdict, one: MappingIssue): MappedBody => ({ orders: [], issues: [one], verdict })

/**
 * Reads a platform's body: a bare order, one in an envelope, or a list. Never throws for what a body holds: each order
 * comes with its issues and a verdict, and a body without orders says what it was instead.
 */
export function mapBody(mapping: Mapping, bodyText: string, channel: ChannelFacts): MappedBody {
  if (mapping.pings?.some((pattern) => new RegExp(pattern).test(bodyText.trim())) === true)
    return only('ignored', issue('ping', 'notice', '$', 'an order', 'a test call of the platform'))
  const read = readJson(bodyText)
  if (read.status === 'unreadable') return only('inbox', issue(read.code, 'error', '$', read.expected, read.got))
  const body: Found = { value: read.value, path: '$' }
  const found = candidates(mapping, body)
  if (found.length === 0) {
    const failure = gatewayIssue(mapping, body)
    return failure ? only('inbox', failure) : withoutOrder(mapping, body)
  }
  const orders = found.slice(0, ORDERS_MAX).map((one) => ofElement(mapping, channel, one))
  const issues =
    found.length > ORDERS_MAX ? [issue('orders_too_many', 'error', '$', `at most ${ORDERS_MAX} orders`, `${found.length} orders`)] : []
  return { orders, issues, verdict: worst([...orders.map((order) => order.verdict), ...(issues.length > 0 ? (['inbox'] as const) : [])]) }
}

/** A known other body is set aside; an unknown one may be a sale that we fail to read, so a person is asked. */
function withoutOrder(mapping: Mapping, body: Found): MappedBody {
  const isEmptyList = Array.isArray(body.value) && body.value.length === 0
  const known = foreignName(mapping, body) !== undefined || isEmptyList || isDeletion(body.value)
  const one = notAnOrder(mapping, body)
  if (!known) return only('inbox', { ...one, severity: 'error' })
  if (!isDeletion(body.value)) return only('ignored', one)
  const { id } = body.value
  const notice = only('ignored', { ...one, got: 'a notice with an id alone' })
  return (typeof id === 'number' || typeof id === 'string') && `${id}`.length <= 128 && id !== '' ? { ...notice, names: `${id}` } : notice
}

const isDeletion = (value: unknown): value is { readonly id: unknown } =>
  isRecord(value) && Object.keys(value).length === 1 && Object.hasOwn(value, 'id')
