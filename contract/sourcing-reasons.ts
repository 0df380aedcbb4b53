/**
 * Why a node is or is not part of a plan: one code a node, stored as its position in this list (four bits, so at most 16).
 * The order is part of the stored format: append only.
 */
export const sourcingReasons = [
  'notANode',
  'chosen',
  'dearer',
  'coversPart',
  'noStock',
  'closed',
  'channelNotServed',
  'capabilityMissing',
  'capacityExhausted',
  'calendarClosed',
  'complianceExcluded',
  'promiseMissed',
  'noService',
  'bufferOnly',
  'excluded',
  'doesNotShip',
] as const
export type SourcingReason = (typeof sourcingReasons)[number]

/** A reason as a number: its position in {@link sourcingReasons}. In a quote 0 means "may serve". */
export const reasonCode = Object.fromEntries(sourcingReasons.map((reason, code) => [reason, code])) as Readonly<
  Record<SourcingReason, number>
>

/** What a person reads. */
export const sourcingReasonTexts: Readonly<Record<SourcingReason, { readonly en: string; readonly 'zh-CN': string }>> = {
  notANode: { en: 'Not a node when this was decided', 'zh-CN': '决策时不是节点' },
  chosen: { en: 'Chosen', 'zh-CN': '已选中' },
  dearer: { en: 'Could serve the whole order, but any plan with it costs more', 'zh-CN': '可满足全单，但包含它的方案成本更高' },
  coversPart: { en: 'Stocks only part of the order, and any plan with it costs more', 'zh-CN': '只有部分商品有货，包含它的方案成本更高' },
  noStock: { en: 'Has nothing of this order to promise', 'zh-CN': '本单商品均无可承诺库存' },
  closed: { en: 'Node is closed', 'zh-CN': '节点已停用' },
  channelNotServed: { en: 'Does not serve this channel', 'zh-CN': '不服务该渠道' },
  capabilityMissing: { en: 'Lacks a capability that an item needs', 'zh-CN': '缺少商品所需的能力' },
  capacityExhausted: { en: 'Has no capacity left', 'zh-CN': '产能已满' },
  calendarClosed: { en: 'No working day before the cut-off within the horizon', 'zh-CN': '可用期内没有截单前的工作日' },
  complianceExcluded: { en: 'A compliance rule forbids shipping from here', 'zh-CN': '合规规则禁止从此发货' },
  promiseMissed: { en: 'Cannot arrive by the promised time', 'zh-CN': '无法在承诺时间前送达' },
  noService: { en: 'No carrier service reaches the destination from here', 'zh-CN': '没有可达目的地的物流服务' },
  bufferOnly: { en: 'Only units kept for other channels are left', 'zh-CN': '仅剩为其他渠道保留的库存' },
  excluded: { en: 'Excluded by the request', 'zh-CN': '请求中已排除' },
  doesNotShip: { en: 'Sends nothing out', 'zh-CN': '该节点不发货' },
}
