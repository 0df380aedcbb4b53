import { type TObject, type TProperties, Type, type TSchema } from 'typebox'
import type { Permission } from '../access.ts'
import { type Bilingual, defineCapability } from '../capability.ts'
import { closed, Text } from '../entities/basics.ts'
import { CancelPreview, ChangeInput, LineUnits } from '../entities/change-set.ts'
import { Order } from '../entities/order.ts'
import { changeOutcomes } from '../outcomes/change.ts'
import { OrderIdText } from './order.ts'
import { orderLineOutcomes } from './order-outcomes.ts'

const orderParams = Type.Object({ orderId: OrderIdText }, closed)
const changeParams = Type.Object({ orderId: OrderIdText, changeId: Type.String({ pattern: '^chg_[0-7][0-9a-hjkmnp-tv-z]{12}$' }) }, closed)
const Note = Type.Object({ note: Type.Optional(Text) }, closed)
const Reason = Type.Optional(Type.String({ minLength: 1, maxLength: 64 }))

function change<
  const N extends string,
  const P extends string,
  const R extends Permission,
  const A extends TObject<TProperties>,
  const B extends TSchema,
>(
  name: N,
  segment: P,
  permission: R,
  texts: { readonly summary: Bilingual; readonly description: Bilingual },
  params: A,
  body: B,
  outcomes: readonly string[],
) {
  return defineCapability({
    name: `order.${name}` as `order.${N}`,
    method: 'POST',
    path: `/v1/orders/{orderId}/${segment}` as `/v1/orders/{orderId}/${P}`,
    kind: 'write',
    permission,
    ...texts,
    params,
    body,
    versioned: true,
    output: { 200: Order },
    outcomes: ['order_unknown', 'version_conflict', 'action_not_allowed', ...outcomes],
    slaMs: 100,
  })
}

const all = [...Object.keys(changeOutcomes), ...orderLineOutcomes, 'carrier_unknown']

export const changeList = [
  change(
    'proposeChange',
    'changes',
    'order.change',
    {
      summary: { en: 'Propose a change and preview it', zh: '提议变更并预览' },
      description: {
        en: 'Quantities, new lines, address, service, prices. Nothing changes yet: the last of `changes` says what would: total, money due, stock, promise. It expires by itself.',
        zh: '数量、新增行、地址、服务、价格。此时不做变更：`changes` 的最后一项给出将有的总额、应付、库存与承诺。到期自动失效。',
      },
    },
    orderParams,
    ChangeInput,
    all,
  ),
  change(
    'confirmChange',
    'changes/{changeId}/confirm',
    'order.change',
    {
      summary: { en: 'Confirm a change', zh: '确认变更' },
      description: {
        en: 'Stock, sourcing, totals and events in one transaction, as previewed; refused where what it was previewed on has moved.',
        zh: '库存、寻源、总额与事件在同一事务内按预览执行；预览依据已变化则拒绝。',
      },
    },
    changeParams,
    Note,
    all,
  ),
  change(
    'declineChange',
    'changes/{changeId}/decline',
    'order.change',
    {
      summary: { en: 'Decline a change', zh: '拒绝变更' },
      description: { en: 'The order stays as it is.', zh: '订单保持不变。' },
    },
    changeParams,
    Type.Object({ reason: Reason, note: Type.Optional(Text) }, closed),
    ['change_unknown'],
  ),
  change(
    'cancelLines',
    'lines/cancel',
    'order.cancel',
    {
      summary: { en: 'Cancel units of lines', zh: '取消部分商品' },
      description: {
        en: 'Units that are not packed yet. `payments.due` below zero is the money due back. Cancels the order where nothing is left.',
        zh: '可取消尚未打包的数量。`payments.due` 为负表示应退金额。若无剩余则取消订单。',
      },
    },
    orderParams,
    Type.Object({ lines: Type.Array(LineUnits, { minItems: 1, maxItems: 500 }), reason: Reason, note: Type.Optional(Text) }, closed),
    ['change_line_unknown', 'change_too_late'],
  ),
  defineCapability({
    name: 'order.previewCancel',
    method: 'POST',
    path: '/v1/orders/{orderId}/cancel/preview',
    kind: 'read',
    permission: 'order.cancel',
    summary: { en: 'What a cancellation would free and give back', zh: '预览取消将释放的库存与应退金额' },
    description: {
      en: 'Of the lines named, or of the whole order where none are. Nothing changes.',
      zh: '针对所列订单行；未列出时针对整单。不做任何变更。',
    },
    params: orderParams,
    body: Type.Object({ lines: Type.Optional(Type.Array(LineUnits, { minItems: 1, maxItems: 500 })) }, closed),
    output: { 200: CancelPreview },
    outcomes: ['order_unknown', 'action_not_allowed', 'change_line_unknown', 'change_too_late'],
    slaMs: 100,
  }),
] as const
