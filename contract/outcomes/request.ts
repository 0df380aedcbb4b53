import { outcome } from './definition.ts'

/** Who asks and for what: found before any rule of the trade is looked at. Those of keys, users and sessions are in contract/access-problems.ts. */
export const requestOutcomes = {
  signature_invalid: outcome(
    'unauthenticated',
    ['The signature is not valid', 'A signed body must carry the signature that its channel’s secret gives.'],
    ['签名无效', '已签名的报文必须带有由渠道密钥得出的签名。'],
  ),
  scope_violation: outcome(
    'forbidden',
    ['Outside the scope of the credential', 'A credential acts on the channels, nodes, carriers and customer of its scope alone.'],
    ['超出凭证的数据范围', '凭证只能操作其范围内的渠道、节点、承运商与客户。'],
  ),
  idempotency_key_reused: outcome(
    'conflict',
    ['The idempotency key was used for another input', 'One key stands for one input for as long as answers are kept.'],
    ['幂等键已用于不同的请求', '在保留期内，一个幂等键只对应一个请求内容。'],
  ),
  cursor_invalid: outcome(
    'malformed',
    ['The cursor is not one of this hub', 'A cursor must come from an answer of this hub.'],
    ['游标无效', '游标必须来自本系统的响应。'],
  ),
  cursor_expired: outcome(
    'gone',
    ['The cursor points below what is kept', 'Events below the kept position are gone: read the state anew and go on from there.'],
    ['游标已过期', '该位置之前的事件已归档：请重新读取状态后继续。'],
  ),
  history_archived: outcome(
    'gone',
    ['What it was then is archived', 'The events of that time are archived: only a later time can be asked for.'],
    ['该时刻的历史已归档', '该时刻的事件已归档，只能查询更晚的时刻。'],
  ),
  stock_out_of_range: outcome(
    'conflict',
    ['More than a position can hold', 'What is on hand of one item at one node stays between -1,000,000,000 and 1,000,000,000 units.'],
    ['超出库存数量范围', '单个商品在单个节点的在手数量须在 -1,000,000,000 至 1,000,000,000 之间。'],
  ),
  range_invalid: outcome(
    'malformed',
    [
      'The range cannot be reported on',
      'A range begins before it ends, is at most 92 days long, and its zone is one of the IANA time zones.',
    ],
    ['时段无效', '时段的起点须早于终点，最长 92 天，时区须为 IANA 时区。'],
  ),
  view_unknown: outcome(
    'notFound',
    ['There is no such view', 'A saved view is read by its id, and deleted by who keeps it.'],
    ['没有该视图', '视图按编号读取，仅保存者可删除。'],
  ),
  views_too_many: outcome(
    'conflict',
    ['Too many views are kept', 'A credential keeps at most 50 views; one of the same name is replaced.'],
    ['保存的视图过多', '每个凭证最多保存 50 个视图；同名视图会被替换。'],
  ),
  demo_off: outcome(
    'notFound',
    ['There is no demo here', 'Only a hub that was started with the demo has its clock and its troubles.'],
    ['未启用演示', '只有以演示方式启动的系统才有演示时钟与故障。'],
  ),
  trouble_unknown: outcome(
    'notFound',
    ['There is no such trouble', 'Only a trouble that was asked for while this hub runs can be reported on.'],
    ['没有该故障', '只能回报本次运行期间制造的故障。'],
  ),
  order_unknown: outcome(
    'notFound',
    ['There is no such order', 'The order must exist within the scope of the credential.'],
    ['订单不存在', '订单必须存在且在凭证范围之内。'],
  ),
  fulfillment_order_unknown: outcome(
    'notFound',
    ['There is no such fulfillment order', 'The fulfillment order must exist within the scope of the credential.'],
    ['履约单不存在', '履约单必须存在且在凭证范围之内。'],
  ),
  task_unknown: outcome(
    'notFound',
    ['There is no such task', 'The task must exist within the scope of the credential.'],
    ['任务不存在', '任务必须存在且在凭证范围之内。'],
  ),
  assignee_unknown: outcome(
    'contradictory',
    ['Nobody of that id works on tasks', 'A task is given to an active user or key that may work on tasks (`GET /v1/tasks/assignees`).'],
    ['没有可处理任务的该人员', '任务只能分派给可处理任务且有效的用户或密钥（见 `GET /v1/tasks/assignees`）。'],
  ),
  parcel_unknown: outcome(
    'notFound',
    ['There is no such parcel', 'The parcel must exist within the scope of the credential.'],
    ['包裹不存在', '包裹必须存在且在凭证范围之内。'],
  ),
  person_unknown: outcome('notFound', ['There is no such person', 'The person must exist.'], ['该人不存在', '该人必须存在。']),
  inbox_unknown: outcome(
    'notFound',
    ['There is no such inbox entry', 'The inbox entry must exist within the scope of the credential.'],
    ['收件箱条目不存在', '收件箱条目必须存在且在凭证范围之内。'],
  ),
  inbox_not_open: outcome(
    'conflict',
    ['The inbox entry is not open', 'Only a body that made no order can be corrected.'],
    ['该收件箱条目已处理', '仅未成单的报文可以更正。'],
  ),
  hold_target_unknown: outcome(
    'contradictory',
    ['The hold names nothing of this order', 'A hold on a line names one of its lines, one on work a fulfillment order of it.'],
    ['挂起对象不属于该订单', '行级挂起须指明订单中的行，作业挂起须指明其履约单。'],
  ),
  hold_not_yours: outcome(
    'forbidden',
    ['The hold is released by others', 'A hold that names roles is released by one of them or an administrator.'],
    ['无权解除该挂起', '指定了角色的挂起只能由这些角色或管理员解除。'],
  ),
  money_on_hold: outcome(
    'conflict',
    ['The money is on hold', 'While a hold on the money is open, nothing is captured and nothing is given back.'],
    ['款项已挂起', '款项挂起期间不得扣款或退款。'],
  ),
  hold_unknown: outcome(
    'notFound',
    ['No open hold has this id', 'Only a hold that is open can be released.'],
    ['没有该编号的未解除挂起', '只能解除仍然有效的挂起。'],
  ),
  version_conflict: outcome(
    'preconditionFailed',
    ['Changed since it was read', 'If-Match must name the version that is current.'],
    ['对象已被更改', 'If-Match 必须为当前版本。'],
  ),
  order_closed: outcome(
    'conflict',
    ['The order is closed', 'A closed order takes no more changes.'],
    ['订单已关闭', '已关闭的订单不再接受变更。'],
  ),
  action_not_allowed: outcome(
    'conflict',
    ['Not possible in this state', 'Only the actions in allowedActions are possible.'],
    ['当前状态不允许此操作', '只能执行 allowedActions 中列出的操作。'],
  ),
} as const
