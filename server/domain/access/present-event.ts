import type { Role } from '../../../contract/access.ts'
import { visibleFields, type Event } from '../../../contract/events.ts'
import { canSeeCarrier, canSeeNode } from './scope.ts'
import { sightOfRole, type RoleSight, type Viewer } from './sight.ts'

/** The data fields of an event type that a role may see; undefined = all. */
export type VisibleFields = (type: string, role: Role) => readonly string[] | undefined

/**
 * An event as the viewer may see it: the fields its type shows to the role, and of those no money, note, reference or
 * other node's work that the role's sight excludes, however deep it lies. Whether the event lies in the viewer's scope was
 * decided by the read ({@link canSeeEvent}).
 */
export function presentEvent(viewer: Viewer, event: Event, fieldsOf: VisibleFields = visibleFields): Event {
  const sight = sightOfRole[viewer.role]
  const fields = fieldsOf(event.type, viewer.role)
  const data: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(event.data)) {
    if (fields !== undefined && !fields.includes(key)) continue
    if (sight.work === 'own' && viewer.scope.carriers !== undefined && WHOLE_ORDER.has(key)) continue
    const shown = prune(viewer, sight, key, value)
    if (shown !== undefined) data[key] = shown
  }
  return { ...causeShown(viewer, event), actor: actorShown(viewer, event.actor), data }
}

/** Who did it, as far as the viewer may know: those outside are told what kind of actor it was. */
export function actorShown(viewer: Viewer, actor: Event['actor']): Event['actor'] {
  return isOutside(viewer) ? { kind: actor.kind, id: 'hidden' } : actor
}

/** What led to it is for those inside. */
export function causeShown<T extends { readonly cause?: string }>(viewer: Viewer, one: T): T {
  if (!isOutside(viewer)) return one
  const { cause: _, ...rest } = one
  return rest as T
}

const isOutside = ({ role }: Viewer): boolean => sightOfRole[role].reasons === 'none' && role !== 'floor'

/** Fields about the whole order that one carrier of several has no part in. */
const WHOLE_ORDER = new Set(['lines', 'reserved', 'backordered', 'stock'])
const MONEY = new Set(['totals', 'payments', 'entries', 'credit', 'exposure', 'unitPrice', 'amount', 'total', 'cost', 'due', 'currency'])
/** Numbers under these names are amounts; under `tax` a check may stand as well. */
const MONEY_NUMBERS = new Set(['tax', 'discount', 'shipping', 'handling', 'freight'])
const FREE_TEXT = new Set(['note', 'detail'])
const REFERENCES = new Set(['customerRef', 'paymentRef'])

function isHidden(sight: RoleSight, key: string, value: unknown): boolean {
  if (key === 'sealed') return true
  if (!sight.amounts && (MONEY.has(key) || (MONEY_NUMBERS.has(key) && typeof value === 'number'))) return true
  if (!sight.attributes && (key === 'attributes' || key === 'documents')) return true
  if (sight.references !== 'all' && REFERENCES.has(key)) return true
  if (sight.references === 'none' && key === 'accountId') return true
  return FREE_TEXT.has(key) && !sight.notes
}

function prune(viewer: Viewer, sight: RoleSight, key: string, value: unknown): unknown {
  if (isHidden(sight, key, value)) return undefined
  if (key === 'service' && viewer.scope.carriers !== undefined) return undefined // it names the carrier, which may be another one
  if (Array.isArray(value)) return value.filter((one) => isInScope(viewer, one)).map((one) => prune(viewer, sight, '', one))
  if (!isRecord(value)) return value
  const source = key === 'shipTo' && sight.address === 'city' ? cityOf(value) : value
  const result: Record<string, unknown> = {}
  for (const [name, one] of Object.entries(source)) {
    const shown = name === 'reason' && 'verdict' in source && sight.reasons === 'none' ? 'hidden' : prune(viewer, sight, name, one)
    if (shown !== undefined) result[name] = shown
  }
  return result
}

function isInScope(viewer: Viewer, one: unknown): boolean {
  if (!isRecord(one)) return true
  const { nodeId, carrierId } = one
  if (typeof nodeId === 'string' && !canSeeNode(viewer.scope, nodeId)) return false
  return typeof carrierId !== 'string' || canSeeCarrier(viewer.scope, carrierId)
}

const cityOf = (place: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(place).filter(([name]) => name === 'countryCode' || name === 'region' || name === 'city'))

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
