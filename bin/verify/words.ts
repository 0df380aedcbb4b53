import { type CheckName, invariants } from '../../server/store/verify/report.ts'
import type { TerminalLanguage } from '../../server/terminal-language.ts'

const zh: Readonly<Partial<Record<CheckName, string>>> = {
  'log.dense': '每个日志分片从最早保留位置到头部，位置连续且各一次',
  'log.archives': '已归档的日志分段完整，且无缺口地延续到最低保留位置',
  'log.subjects': '同一主体的版本逐一递增无缺口，recordedAt 不倒退',
  'log.facts': '每个基础资料与库存位置的版本等于其最后一个事件的版本',
  'log.orphans': '没有事件指向不存在的订单',
  'refs.orders': '每张订单恰有一个外部单号，每个外部单号恰有其订单',
  'orders.rows': '每张订单都有状态行、个人信息行，且分片与编号相符',
  'answers.orders': '保留的应答不指向不存在的订单',
  'bodies.orders': '没有渠道报文应用于不存在的订单',
  'stock.reserved': '库存位置的软预留、硬预留与已承诺数量等于其预留之和',
  'reservations.log': '每个独立预留与其最后一个事件一致，每个此类事件都有其预留',
  'stock.moves': '库存位置的现有量等于其变动之和',
  'stock.granted': '可用量为负，仅因盘点或损失减少了库存',
  'order.received': '订单的第一个事件为已接收，且与其接收内容一致',
  'order.state': '重放订单事件得到其存储的状态',
  'order.phase': '列表中的阶段与下次到期时间与状态一致',
  'order.reservations': '订单的预留行与其状态一致',
  'order.fulfillmentOrders': '订单的履约单与其状态一致',
  'order.parcels': '订单的包裹行与其状态一致',
  'order.clocks': '订单的时钟行与其状态一致',
  'order.tasks': '订单的任务行与其状态一致',
  'order.payments': '订单的支付行与其状态一致',
  'order.decisions': '每个寻源决策都有事件，每个产生预留的决策都有其行',
  'order.quantities': '每一行的数量台账平衡',
  'order.totals': '订单合计等于按行重新计算的结果',
  'order.refunds': '任何支付方式的退款不超过其扣款',
  'order.clockRuns': '有未尽义务的订单都有对应的运行中时钟',
  'account.exposure': '账户占用额度等于其订单之和',
  'node.capacity': '节点每日已用产能等于其履约单数量',
}

const texts = {
  en: {
    check: 'check',
    checked: 'checked',
    violations: 'violations',
    expected: (holds: string) => `expected: ${holds}`,
    repaired: 'repaired',
    shortage: (line: string) => `shortage  ${line} (a count or loss found less than is reserved)`,
    sum: (name: string, seen: number, violations: number, repaired: number, seconds: string) =>
      `${name}: ${seen} things checked, ${violations} violations, ${repaired} repaired, ${seconds} s`,
    orders: (count: number) => `${count} orders`,
    arguments: (got: string) => `expected --repair, --lang en or zh, or nothing, got ${got}`,
    empty: (folder: string) => `${folder} holds no database: start the hub once, or set FULCRUM_DATA_DIR or DATABASE_URL`,
    running: (folder: string) => `${folder} (its PostgreSQL runs)`,
  },
  zh: {
    check: '检查项',
    checked: '已检查',
    violations: '违反',
    expected: (holds: string) => `应满足：${holds}`,
    repaired: '已修复',
    shortage: (line: string) => `缺口  ${line}（盘点或损失后少于已预留数量）`,
    sum: (name: string, seen: number, violations: number, repaired: number, seconds: string) =>
      `${name}：检查 ${seen} 项，违反 ${violations} 处，修复 ${repaired} 处，用时 ${seconds} 秒`,
    orders: (count: number) => `${count} 张订单`,
    arguments: (got: string) => `只接受 --repair、--lang en 或 zh，收到 ${got}`,
    empty: (folder: string) => `${folder} 中没有数据库：请先启动一次系统，或设置 FULCRUM_DATA_DIR 或 DATABASE_URL`,
    running: (folder: string) => `${folder}（其 PostgreSQL 正在运行）`,
  },
} as const

export type VerifyWords = (typeof texts)[TerminalLanguage] & { holds(check: CheckName): string }

/** What verify says to people. Examples and repairs name rows and columns, and are the same in both languages. */
export const verifyWords = (language: TerminalLanguage): VerifyWords => ({
  ...texts[language],
  holds: (check) => (language === 'zh' ? zh[check] : undefined) ?? invariants[check],
})
