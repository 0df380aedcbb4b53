import type { ChangeEdits, ChangePreview, LineUnits } from '../../../contract/entities/change-set.ts'
import { done, type Outcome, type Refusal, refuse } from '../../kernel/outcome.ts'
import { type Instant, instant, MINUTE, toIso } from '../../kernel/time.ts'
import { checkCredit } from '../credit/check-credit.ts'
import { type OrderChange, stockDeltasOf } from '../order/change.ts'
import { isSettled, missingOf, paidOf } from '../order/payment-need.ts'
import type { Order } from '../order/state.ts'
import { balanceOf } from '../payment/ledger.ts'
import { dueOf as dueOfOrder, owedTotal } from '../payment/view-payments.ts'
import { type Acted, Acting } from './acting.ts'
import { complianceOf } from './compliance-of.ts'
import type { PlacementFacts } from './facts.ts'
import { withOwnUnits } from './own-units.ts'
import { planChange } from './plan-change.ts'

export type ChangeCommand =
  | {
      readonly action: 'proposeChange'
      readonly changeId: string
      readonly edits: ChangeEdits
      readonly expiresInMinutes?: number
      readonly reason?: string
      readonly note?: string
    }
  | { readonly action: 'confirmChange'; readonly changeId: string }
  | { readonly action: 'declineChange'; readonly changeId: string; readonly reason?: string }
  | { readonly action: 'cancelLines'; readonly lines: readonly LineUnits[]; readonly reason: string }

const EXPIRES_MINUTES = 60
const OPEN_MAX = 5

/**
 * Proposes, confirms or declines a change set, or cancels units of lines. A proposal is worked out exactly as its confirmation would be, and
 * then only its preview is kept; a confirmation is worked out anew, and refused where it would not be what was previewed.
 */
export function decideChange(order: Order, command: ChangeCommand, facts: PlacementFacts, now: Instant): Outcome<Acted> {
  switch (command.action) {
    case 'proposeChange':
      return propose(order, command, facts, now)
    case 'confirmChange':
      return confirm(order, command.changeId, facts, now)
    case 'declineChange': {
      const { changeId, reason } = command
      const open = openChange(order, changeId, now)
      if (open.status === 'refused') return open
      const acting = new Acting(order, facts, now)
      acting.add({
        type: 'order.changeDeclined',
        occurredAt: now,
        data: { changeId, state: 'declined', ...(reason === undefined ? {} : { reason }) },
      })
      return done(acting.finish())
    }
    case 'cancelLines':
      return cancelLines(order, command.lines, command.reason, facts, now)
  }
}

type Proposal = Extract<ChangeCommand, { action: 'proposeChange' }>

function propose(
  order: Order,
  { changeId, edits, expiresInMinutes, reason, note }: Proposal,
  facts: PlacementFacts,
  now: Instant,
): Outcome<Acted> {
  const open = (order.state.changes ?? []).filter((one) => one.state === 'proposed')
  if (open.length >= OPEN_MAX)
    return refuse(
      'changes_too_many',
      { en: `${open.length} changes are proposed already`, zh: `已有 ${open.length} 项提议中的变更` },
      { expected: { max: OPEN_MAX } },
    )
  const worked = workOut(order, edits, reason ?? 'requested', undefined, facts, now)
  if (worked.status === 'refused') return worked
  const acting = new Acting(order, facts, now)
  const data = {
    changeId,
    expiresAt: toIso(instant(now + (expiresInMinutes ?? EXPIRES_MINUTES) * MINUTE)),
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
    edits,
    preview: worked.value.preview,
  }
  acting.add({ type: 'order.changeProposed', occurredAt: now, data })
  return done(acting.finish())
}

function openChange({ state }: Order, changeId: string, now: Instant) {
  const found = state.changes?.find((one) => one.changeId === changeId)
  if (found?.state === 'proposed' && found.expiresAt > now) return done(found)
  const got = found === undefined ? changeId : found.state === 'proposed' ? 'expired' : found.state
  return refuse('change_unknown', { en: 'expected a change that is proposed and not expired', zh: '须为已提议且未过期的变更' }, { got })
}

function confirm(order: Order, changeId: string, facts: PlacementFacts, now: Instant): Outcome<Acted> {
  const open = openChange(order, changeId, now)
  if (open.status === 'refused') return open
  const { edits, preview, reason } = open.value
  const worked = workOut(order, edits, reason ?? 'requested', changeId, facts, now)
  if (worked.status === 'refused') return worked
  const refusal = movedBasis(preview, worked.value.preview) ?? unpaid(worked.value.preview)
  return refusal ?? done(worked.value.acted)
}

function movedBasis(then: ChangePreview, now: ChangePreview): Refusal | undefined {
  const moved = (what: string, expected: unknown, got: unknown) =>
    refuse(
      'change_basis_moved',
      { en: `${what} is not what was previewed: propose the change again`, zh: `${what} 与预览不同：请重新提议变更` },
      { expected, got, pointer: `/preview/${what}` },
    )
  if (now.total.after !== then.total.after) return moved('total', then.total.after, now.total.after)
  if (now.backordered > then.backordered) return moved('backordered', then.backordered, now.backordered)
  const [was, is] = [then.deliverBy.after, now.deliverBy.after]
  return was !== undefined && (is === undefined || is > was) ? moved('deliverBy', was, is) : undefined
}

const unpaid = ({ payFirst }: ChangePreview): Refusal | undefined =>
  payFirst === 0
    ? undefined
    : refuse(
        'change_unpaid',
        { en: 'the money for what the change adds is missing', zh: '变更新增内容的款项尚未付清' },
        { expected: { payFirst: 0 }, got: payFirst },
      )

type Worked = { readonly acted: Acted; readonly preview: ChangePreview }

function workOut(
  order: Order,
  edits: ChangeEdits,
  reason: string,
  changeId: string | undefined,
  facts: PlacementFacts,
  now: Instant,
): Outcome<Worked> {
  // Stock whose time is over is given up first: the change stands on what is left.
  const given = new Acting(order, facts, now)
  const hasExpired = given.releaseExpired()
  const basis = given.finish().change.after
  const planned = planChange(basis, edits, facts, now)
  if (planned.status === 'refused') return planned
  const { data, isRelocated } = planned.value
  const acting = new Acting(order, isRelocated ? withOwnUnits(facts, order.state) : facts, now)
  acting.changeSale({ ...data, reason, ...(changeId === undefined ? {} : { changeId }) }, isRelocated)
  const acted = acting.finish()
  const { after } = acted.change
  const refusal =
    compliance(order, after, edits, facts, now) ?? credit(order, after, facts) ?? (hasExpired ? undefined : shortage(order, after, facts))
  return refusal ?? done({ acted, preview: previewOf(order, acted.change) })
}

function compliance(before: Order, { intake, state }: Order, edits: ChangeEdits, facts: PlacementFacts, now: Instant): Refusal | undefined {
  const was = before.state.checks?.compliance.verdict
  // What was put to a person is that person's to decide.
  if (was === 'review' || was === 'refuse') return undefined
  if (edits.add === undefined && edits.shipTo === undefined && edits.lines?.every((line) => line.quantity === undefined)) return undefined
  const lines = intake.lines.map((line, i) => ({ ...line, quantity: line.quantity - (state.lines[i]?.cancelled ?? 0) }))
  const finding = complianceOf({ ...intake, lines: lines.filter((line) => line.quantity > 0) }, facts, now, 'refuse')
  if (finding.verdict !== 'refuse') return undefined
  return refuse(
    finding.reason,
    { en: 'the compliance check does not let this change through', zh: '合规检查未放行该变更' },
    { got: finding.detail ?? {} },
  )
}

/** Only what makes the order owe more is asked for. */
function credit(before: Order, { intake, state }: Order, facts: PlacementFacts): Refusal | undefined {
  const { accountId, currency, totals } = intake
  if (accountId === undefined || state.exposure <= before.state.exposure) return undefined
  const account = facts.account(accountId)
  const others = (account?.exposure ?? 0) - before.state.exposure
  const finding = checkCredit(
    { accountId, currency, total: totals.total, captured: paidOf(state.payments) },
    account?.doc,
    others,
    'refuse',
  )
  if (finding.verdict !== 'refuse') return undefined
  return refuse(
    finding.reason,
    { en: 'the credit check does not let this change through', zh: '信用检查未放行该变更' },
    { got: finding.detail ?? {} },
  )
}

const waiting = ({ state }: Order): number => state.lines.reduce((sum, line) => sum + line.backordered, 0)

function shortage(before: Order, after: Order, facts: PlacementFacts): Refusal | undefined {
  const policy = facts.channel(after.intake.channelId)?.shortage
  const short = waiting(after) - waiting(before)
  if (short <= 0 || policy === 'backorder' || policy === 'partial') return undefined
  return refuse('stock_short', { en: 'the change cannot be covered as asked', zh: '无法按要求满足该变更' }, { got: { short } })
}

/** What a change of an order comes to: money, stock, promise. */
export function previewOf(before: Order, change: OrderChange): ChangePreview {
  const { after } = change
  const balance = balanceOf(after.state.payments)
  const dueOf = (order: Order) => dueOfOrder(order, balance)
  const iso = (at: Instant | undefined) => (at === undefined ? undefined : toIso(at))
  const [was, is] = [iso(before.state.promise.deliverBy), iso(after.state.promise.deliverBy)]
  return {
    total: { before: owedTotal(before.intake, before.state), after: owedTotal(after.intake, after.state) },
    due: { before: dueOf(before), after: dueOf(after) },
    payFirst: isSettled(before.intake, before.state) ? Math.max(0, missingOf(after.intake, after.state)) : 0,
    dueBack: Math.max(0, -dueOf(after)),
    stock: stockDeltasOf(change).flatMap(({ sku, nodeId, soft, firm, committed }) => {
      const units = soft + firm + committed
      return units === 0 ? [] : [{ sku, nodeId, units }]
    }),
    backordered: waiting(after),
    deliverBy: { ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) },
  }
}

function cancelLines(order: Order, lines: readonly LineUnits[], reason: string, facts: PlacementFacts, now: Instant): Outcome<Acted> {
  const { intake, state } = order
  const edits: { lineRef: string; quantity: number }[] = []
  for (const [i, { lineRef, quantity }] of lines.entries()) {
    const lineNo = intake.lines.findIndex((line) => line.lineRef === lineRef)
    const ledger = state.lines[lineNo]
    const line = intake.lines[lineNo]
    if (line === undefined || ledger === undefined || edits.some((one) => one.lineRef === lineRef))
      return refuse(
        'change_line_unknown',
        { en: 'expected each line of the order at most once', zh: '订单中的每一行最多列出一次' },
        { got: lineRef, pointer: `/lines/${i}/lineRef` },
      )
    const left = line.quantity - ledger.cancelled - quantity
    if (left < ledger.shipped)
      return refuse(
        'change_too_late',
        { en: 'expected fewer units: the others are cancelled or handed over already', zh: '数量过多：其余商品已取消或已交运' },
        {
          expected: { max: line.quantity - ledger.cancelled - ledger.shipped },
          got: quantity,
          pointer: `/lines/${i}/quantity`,
        },
      )
    edits.push({ lineRef, quantity: left })
  }
  const isAll = intake.lines.every((line, i) => {
    const left = edits.find((one) => one.lineRef === line.lineRef)?.quantity ?? line.quantity - (state.lines[i]?.cancelled ?? 0)
    return left === 0
  })
  if (isAll) {
    const acting = new Acting(order, facts, now)
    acting.end('order.cancelled', reason)
    return done(acting.finish())
  }
  const worked = workOut(order, { lines: edits }, reason, undefined, facts, now)
  return worked.status === 'refused' ? worked : done(worked.value.acted)
}
