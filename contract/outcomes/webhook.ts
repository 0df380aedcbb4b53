import { outcome } from './definition.ts'

/** Subscriptions that are sent events. */
export const webhookOutcomes = {
  webhook_unknown: outcome(
    'notFound',
    ['There is no such webhook', 'The webhook must exist and see no more than the credential.'],
    ['Webhook 不存在', 'Webhook 必须存在，且其可见范围不超出该凭证。'],
  ),
  delivery_unknown: outcome(
    'notFound',
    ['There is no such delivery', 'The delivery must be of this webhook and within retention.'],
    ['发送记录不存在', '记录必须属于该 Webhook 且未超过保留期。'],
  ),
  event_type_unknown: outcome(
    'contradictory',
    ['There is no such event type', 'Types and `….*` must name events of the catalogue.'],
    ['事件类型不存在', '类型或 `….*` 必须对应事件目录中的事件。'],
  ),
  webhook_target_refused: outcome(
    'contradictory',
    ['Nothing is sent to this address', 'The host must be among those that the operator allows, reached by https.'],
    ['不允许向该地址发送', '主机必须在运维允许的名单内，并使用 https。'],
  ),
  webhook_limit_reached: outcome(
    'conflict',
    ['There are too many webhooks', 'A hub has at most 500 webhooks: end one first.'],
    ['Webhook 数量已达上限', '每个系统最多 500 个 Webhook：请先删除不用的。'],
  ),
} as const
