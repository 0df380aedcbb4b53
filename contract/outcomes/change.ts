import { outcome } from './definition.ts'

/** What stands in the way of an edit of an order. */
export const changeOutcomes = {
  change_unknown: outcome(
    'notFound',
    ['There is no such change', 'A change is confirmed or declined while it is proposed, on the order it was proposed for.'],
    ['没有该变更', '变更须在提议状态下，于其所属订单上确认或拒绝。'],
  ),
  change_empty: outcome(
    'contradictory',
    ['The change changes nothing', 'A change must ask for something that is otherwise now.'],
    ['变更没有内容', '变更必须与当前订单不同。'],
  ),
  change_line_unknown: outcome(
    'contradictory',
    ['The order has no such line', 'Edits name lines of the order; new lines have references of their own.'],
    ['订单没有该行', '编辑须指明订单中的行；新增行须使用新的行号。'],
  ),
  change_too_late: outcome(
    'conflict',
    [
      'Too late to change this',
      'Units that are packed or handed over stay as they are, and the place and service once work has begun. `unpack` of their fulfillment order frees packed units, until they are handed over.',
    ],
    [
      '已无法变更',
      '已打包或已交接的商品不可变更；作业开始后地址与服务不可变更。交运之前，可对其履约单执行拆包（`unpack`），拆包后商品即可变更。',
    ],
  ),
  change_leaves_nothing: outcome(
    'conflict',
    ['Nothing would be left of the order', 'An order of which nothing is wanted is cancelled, not changed.'],
    ['订单将无剩余内容', '若全部不再需要，应取消订单而非变更。'],
  ),
  change_basis_moved: outcome(
    'conflict',
    [
      'What the change was previewed on has moved',
      'A change is confirmed as it was previewed: the same total, no later promise, no more units without stock.',
    ],
    ['变更的预览依据已变化', '变更须按预览确认：总额不变，承诺不更晚，缺货不增加。'],
  ),
  change_unpaid: outcome(
    'conflict',
    [
      'What the change adds is not paid',
      'Of a paid order, the money for what is added is authorised or captured before the change is confirmed.',
    ],
    ['新增内容尚未付款', '已付款订单须先授权或扣款新增金额，再确认变更。'],
  ),
  changes_too_many: outcome(
    'conflict',
    ['Too many changes are open', 'At most 5 changes of an order are proposed at once.'],
    ['未决变更过多', '同一订单同时最多有 5 项提议中的变更。'],
  ),
} as const
