import { Card, Descriptions } from 'antd'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { Nothing } from '../../ui/states.tsx'
import { PaymentTag, WorkTag } from '../../ui/tags.tsx'
import { Changes } from './change-card.tsx'
import { Checks } from './check-card.tsx'
import { Lines } from './lines.tsx'
import type { Order } from './order.ts'
import { useServiceName } from '../network/facts.ts'
import { Said } from './said-card.tsx'
import { WorkMenu } from './work-menu.tsx'
import { methodIn } from './payment-method.ts'

export function Overview({ order, isPast }: { readonly order: Order; readonly isPast: boolean }) {
  return (
    <div className="grid">
      <div className="span-8 stack">
        <Lines order={order} />
        <Fulfillment order={order} isPast={isPast} />
      </div>
      <div className="span-4 stack">
        <PromiseCard order={order} />
        <Checks order={order} />
        <Money order={order} />
        <Changes order={order} isPast={isPast} />
        <Holds order={order} />
        <Buyer order={order} />
        <Said order={order} />
      </div>
    </div>
  )
}

function Fulfillment({ order, isPast }: { readonly order: Order; readonly isPast: boolean }) {
  const t = useText()
  const format = useFormat()
  const serviceName = useServiceName()
  const names = new Map(order.lines.map((line) => [line.sku, line.name]))
  return (
    <Card size="small" title={t('order.fulfillment')}>
      {order.fulfillmentOrders.length === 0 && (
        <Nothing title={t(order.lines.every((line) => line.isDigital) ? 'order.fulfillment.digital' : 'order.fulfillment.none')} />
      )}
      <div className="stack">
        {order.fulfillmentOrders.map((work) => (
          <div key={work.fulfillmentOrderId} className="between" style={{ flexWrap: 'wrap' }}>
            <div>
              <strong>{work.nodeName ?? work.nodeId}</strong> <WorkTag work={work.work} />
              <div className="muted">
                {[
                  ...work.lines.map((line) => `${format.number(line.quantity)} × ${names.get(line.sku) ?? line.sku}`),
                  work.carrierId === undefined ? undefined : serviceName(work.carrierId, work.serviceId),
                ]
                  .filter((part) => part !== undefined)
                  .join(' · ')}
              </div>
            </div>
            <div className="row muted">
              {work.work === 'readyForPickup' && work.collectBy !== undefined
                ? t('order.pickup.by', { at: format.at(work.collectBy) })
                : work.shipBy !== undefined && isToLeave(work.work) && t('order.ships', { at: format.at(work.shipBy) })}
              {!isPast && <WorkMenu order={order} work={work} />}
            </div>
          </div>
        ))}
      </div>
    </Card>
  )
}

/** When it should leave says nothing of what has left. */
const isToLeave = (work: string): boolean => work !== 'handedOver' && work !== 'done' && work !== 'cancelled'

function PromiseCard({ order }: { readonly order: Order }) {
  const t = useText()
  const format = useFormat()
  const { promise } = order
  const serviceName = useServiceName()
  /** `carrier/service`. */
  const serviceWords = (service: string): string | undefined => {
    const [carrierId = '', serviceId] = service.split('/')
    return service === 'pickup' ? t('order.pickup.service') : serviceName(carrierId, serviceId)
  }
  return (
    <Card size="small" title={t('order.promise')}>
      <div style={{ fontSize: 18, fontWeight: 600 }}>
        {promise.deliverBy !== undefined
          ? t(order.pickup === undefined ? 'order.promise.by' : 'order.promise.ready', { at: format.at(promise.deliverBy) })
          : t(order.lines.every((line) => line.isDigital) ? 'order.promise.digital' : 'order.promise.none')}
      </div>
      <div className="muted">
        {promise.service !== undefined && serviceWords(promise.service)}
        {promise.basis === 'default' && ` ${t('order.promise.default')}`}
      </div>
      {promise.co2eGrams !== undefined && (
        <div className="muted">
          {t('order.co2')} {format.grams(promise.co2eGrams)}
        </div>
      )}
      {order.nextDueAt !== undefined && (
        <div className="muted">
          {t('order.nextDue')} {format.at(order.nextDueAt)}
        </div>
      )}
    </Card>
  )
}

function Money({ order }: { readonly order: Order }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const { payments, currency } = order
  if (payments === undefined) return null
  const money = (minor: number) => format.money(minor, currency)
  const rows = [
    [t('order.payments.captured'), payments.captured],
    [t('order.payments.authorised'), payments.authorised],
    [t('order.payments.refunded'), payments.refunded],
    [t('order.payments.due'), payments.due],
  ] as const
  return (
    <Card size="small" title={t('order.payments')} extra={<PaymentTag state={payments.state} />}>
      <div className="stack" style={{ gap: 4 }}>
        {rows.map(([name, amount]) => (
          <div key={name} className="between">
            <span>{name}</span>
            <span className="num">{money(amount)}</span>
          </div>
        ))}
        {payments.preOrder !== undefined && (
          <div className="between">
            <span>
              {payments.preOrder.balanceBy === undefined
                ? t('order.payments.deposit', { amount: money(payments.preOrder.deposit) })
                : t('order.payments.balance', { at: format.at(payments.preOrder.balanceBy) })}
            </span>
            <span className="num">{money(payments.preOrder.dueNow)}</span>
          </div>
        )}
        {payments.entries.length === 0 && <span className="muted">{t('order.payments.none')}</span>}
        {payments.entries.map((entry, i) => (
          <div key={i} className="between muted">
            <span>
              {word('paymentKind', entry.kind)} · {methodIn(word, entry.method)} · {format.at(entry.occurredAt)}
            </span>
            <span className="num">{money(entry.amount)}</span>
          </div>
        ))}
      </div>
    </Card>
  )
}

function Holds({ order }: { readonly order: Order }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  if (order.holds.length === 0) return null
  return (
    <Card size="small" title={t('order.holds')}>
      {order.holds.map((hold) => (
        <div key={hold.holdId} className="between">
          <span>
            {word('reason', hold.reason)} {hold.note}
          </span>
          <span className="muted">
            {format.at(hold.placedAt)}
            {hold.releasedAt !== undefined && ` – ${format.at(hold.releasedAt)}`}
          </span>
        </div>
      ))}
    </Card>
  )
}

const pickupWords = ({ nodeName, nodeId, code }: NonNullable<Order['pickup']>, t: ReturnType<typeof useText>) => [
  nodeName ?? nodeId,
  code === undefined ? undefined : `· ${t('order.pickup.code', { code })}`,
]

function Buyer({ order }: { readonly order: Order }) {
  const t = useText()
  const format = useFormat()
  const { customer, shipTo } = order
  const lines = [
    [t('order.customer'), [customer?.name, customer?.companyName, customer?.phone, customer?.email, order.accountName ?? order.accountId]],
    ...(order.pickup === undefined ? [] : [[t('order.pickup'), pickupWords(order.pickup, t)] as const]),
    [
      t('order.shipTo'),
      [
        shipTo?.name,
        shipTo?.phone,
        shipTo?.countryCode === undefined ? undefined : format.country(shipTo.countryCode),
        shipTo?.region,
        shipTo?.city,
        shipTo?.district,
        shipTo?.line1,
        shipTo?.line2,
        shipTo?.postalCode,
      ],
    ],
  ] as const
  return (
    <Card size="small">
      <Descriptions
        column={1}
        size="small"
        items={lines.map(([label, values]) => ({
          key: label,
          label,
          children: values.filter((value) => value !== undefined).join(' ') || '–',
        }))}
      />
    </Card>
  )
}
