import { Link } from '@tanstack/react-router'
import { Button, Card, Tag } from 'antd'
import { useState } from 'react'
import type { WorkAction } from '../../../contract/entities/fulfillment-order.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { WorkTag } from '../../ui/tags.tsx'
import { CodeDialog, PackDialog, ReasonDialog, ShortDialog, UnpackDialog } from './work-dialogs.tsx'
import { useServiceName } from '../network/facts.ts'
import { useBusinessNow } from '../session/business-now.ts'
import type { Tap } from './taps.ts'
import type { Work } from './work.ts'
import { part } from '../../ui/part.tsx'

const PickDialog = part(async () => (await import('./pick-dialog.tsx')).PickDialog, 'over')

const forward = ['accept', 'start', 'pick', 'pack', 'handOver', 'deliver', 'setReady', 'collect', 'refuseCancel'] as const
const asking: ReadonlySet<string> = new Set(['reject', 'cancel', 'requestCancel', 'refuseCancel', 'hold', 'move'])

/** One piece of work: what to take, where it goes, and what can be done next. */
export function WorkCard(props: { readonly work: Work; readonly onTap: (tap: Omit<Tap, 'key'>) => void; readonly isAlone: boolean }) {
  const { work, onTap } = props
  const t = useText()
  const [asked, ask] = useState<WorkAction | 'short' | 'scan'>()
  const { fulfillmentOrderId } = work
  const tap = (action: WorkAction, body: object = {}) => {
    ask(undefined)
    onTap({ fulfillmentOrderId, action, body })
  }
  const next = forward.find((action) => work.allowedActions.includes(action))
  // What to split off is said where units are chosen, not by a button.
  const others = work.allowedActions.filter((action) => action !== next && action !== 'split' && !(action === 'start' && next === 'accept'))
  const press = (action: WorkAction) =>
    asking.has(action) || action === 'pack' || action === 'unpack' || (action === 'collect' && work.pickup?.asksCode)
      ? ask(action)
      : tap(action)
  return (
    <Card size="small" className="work-card" title={<Head work={work} />} extra={<Due work={work} />}>
      <Lines work={work} />
      <Address work={work} />
      {work.allowedActions.length === 0 && <WhyNothing work={work} />}
      <div className="row" style={{ marginTop: 12 }}>
        {work.allowedActions.includes('pick') && (
          <Button type="primary" size="large" onClick={() => ask('scan')}>
            {t('scan.pick')}
          </Button>
        )}
        {next !== undefined && (
          <Button type={next === 'pick' ? 'default' : 'primary'} size="large" autoFocus={props.isAlone} onClick={() => press(next)}>
            {t(`work.action.${next}`)}
          </Button>
        )}
        {work.allowedActions.includes('pick') && (
          <Button size="large" onClick={() => ask('short')}>
            {t('work.action.short')}
          </Button>
        )}
        {others.map((action) => (
          <Button key={action} size="large" onClick={() => press(action)}>
            {t(`work.action.${action}`)}
          </Button>
        ))}
      </div>
      {asked === 'scan' && (
        <PickDialog
          work={work}
          onClose={() => ask(undefined)}
          onDone={(lines, isShort) => tap('pick', isShort ? { lines, short: true } : { lines })}
        />
      )}
      {asked === 'short' && (
        <ShortDialog work={work} onClose={() => ask(undefined)} onDone={(lines) => tap('pick', { lines, short: true })} />
      )}
      {asked === 'pack' && (
        <PackDialog work={work} onClose={() => ask(undefined)} onDone={(parcel) => tap('pack', { parcels: [parcel] })} />
      )}
      {asked === 'unpack' && <UnpackDialog work={work} onClose={() => ask(undefined)} onDone={(body) => tap('unpack', body)} />}
      {asked === 'collect' && <CodeDialog onClose={() => ask(undefined)} onDone={(code) => tap('collect', { code })} />}
      {asked !== undefined && asked !== 'short' && asked !== 'scan' && asking.has(asked) && (
        <ReasonDialog action={asked} onClose={() => ask(undefined)} onDone={(reason) => tap(asked, { reason })} />
      )}
    </Card>
  )
}

function Head({ work }: { readonly work: Work }) {
  const t = useText()
  return (
    <span className="row">
      <Link to="/orders/$orderId" params={{ orderId: work.orderId }}>
        {work.externalRef}
      </Link>
      <WorkTag work={work.work} />
      {work.isHeld && <Tag color="warning">{t('work.held')}</Tag>}
      <span className="muted">{work.nodeName ?? work.nodeId}</span>
    </span>
  )
}

/** Why nothing can be done with it now, and what it waits for. */
function WhyNothing({ work }: { readonly work: Work }) {
  const t = useText()
  return (
    <div className="muted" role="note" style={{ marginTop: 6 }}>
      {t(`work.nothing.${waitsFor[work.work]}`)}
    </div>
  )
}
const waitsFor = {
  planned: 'planned',
  ready: 'stopped',
  inProgress: 'stopped',
  short: 'stopped',
  readyForPickup: 'stopped',
  handedOver: 'handedOver',
  done: 'over',
  cancelled: 'over',
} as const satisfies Record<Work['work'], string>

function Due({ work }: { readonly work: Work }) {
  const t = useText()
  const format = useFormat()
  const now = useBusinessNow()
  if (work.work === 'readyForPickup' && work.pickup?.collectBy !== undefined)
    return <span className="muted">{t('order.pickup.by', { at: format.at(work.pickup.collectBy) })}</span>
  if (work.shipBy === undefined || work.work === 'done' || work.work === 'handedOver' || work.work === 'cancelled') return null
  if (Date.parse(work.shipBy) < now) return <span className="work-overdue">{t('work.overdue', { at: format.at(work.shipBy) })}</span>
  return <span className="muted">{t('work.due', { at: format.at(work.shipBy) })}</span>
}

function Lines({ work }: { readonly work: Work }) {
  const t = useText()
  return (
    <div className="stack" style={{ gap: 6 }}>
      {work.lines.map((line) => (
        <div key={`${line.lineRef}-${line.sku}`} className="between">
          <span>
            <strong style={{ fontSize: 18 }}>{line.quantity} ×</strong> {line.name ?? line.sku}{' '}
            <span className="mono muted">{line.sku}</span>
          </span>
          <span className="muted">
            {line.picked > 0 && `${line.picked} ${t('order.ledger.picked')}`}
            {line.packed > 0 && ` · ${line.packed} ${t('order.ledger.packed')}`}
            {line.short > 0 && ` · ${line.short} ${t('work.stage.short')}`}
          </span>
        </div>
      ))}
    </div>
  )
}

function Address({ work }: { readonly work: Work }) {
  const { shipTo } = work
  const nameOf = useServiceName()
  const t = useText()
  if (work.pickup !== undefined) return <div className="muted">{t('order.pickup.service')}</div>
  if (shipTo === undefined) return null
  const parts = [shipTo.name, shipTo.phone, shipTo.region, shipTo.city, shipTo.district, shipTo.line1, shipTo.line2, shipTo.postalCode]
  const service = work.carrierId === undefined ? undefined : nameOf(work.carrierId, work.serviceId)
  return (
    <div className="muted" style={{ marginTop: 6 }}>
      {parts.filter((part) => part !== undefined).join(' ')}
      {service !== undefined && ` · ${service}`}
      {work.parcels
        .map((parcel) => parcel.trackingNo)
        .filter(Boolean)
        .map((number) => ` · ${number}`)}
    </div>
  )
}
