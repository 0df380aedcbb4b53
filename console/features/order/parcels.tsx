import { Card, Collapse, Tag, Timeline, Typography } from 'antd'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { MapView } from '../../ui/map.tsx'
import { Nothing } from '../../ui/states.tsx'
import { ParcelTag } from '../../ui/tags.tsx'
import { useNodes, useServiceName } from '../network/facts.ts'
import type { Order } from './order.ts'
import { beside, type Parcel, wayOf } from './parcel-way.ts'

type Leg = Parcel['legs'][number]
type Scan = Parcel['scans'][number]

/** Every package of the order: where it is by its scans, when it is expected beside what was promised, its way, what it emits and why. */
export function Parcels({ order }: { readonly order: Order }) {
  const t = useText()
  const format = useFormat()
  if (order.parcels.length === 0) return <Nothing title={t('parcel.none')} hint={t('parcel.none.hint')} />
  return (
    <div className="stack">
      {order.parcels.length > 1 && order.co2eGrams !== undefined && (
        <div className="muted">
          {t('parcel.co2.all')}: {format.grams(order.co2eGrams)} CO₂e
        </div>
      )}
      {order.parcels.map((parcel, i) => (
        <ParcelCard key={parcel.parcelId} order={order} parcel={parcel} no={i + 1} />
      ))}
    </div>
  )
}

function ParcelCard({ order, parcel, no }: { readonly order: Order; readonly parcel: Parcel; readonly no: number }) {
  const t = useText()
  const format = useFormat()
  const serviceName = useServiceName()
  const carrier = parcel.carrierId === undefined ? undefined : serviceName(parcel.carrierId, parcel.serviceId)
  const isVoided = parcel.state === 'voided'
  return (
    <Card
      size="small"
      title={
        <span className="row">
          {carrier ?? t('parcel.nth', { n: no })}
          {parcel.trackingNo !== undefined && (
            <Typography.Text className="mono" copyable delete={isVoided}>
              {parcel.trackingNo}
            </Typography.Text>
          )}
          <ParcelTag state={parcel.state} />
          {parcel.isReturning && <Tag color="warning">{t('parcel.returning')}</Tag>}
          {parcel.attemptsFailed > 0 && <Tag color="warning">{t('parcel.attempts', { n: parcel.attemptsFailed })}</Tag>}
        </span>
      }
      extra={parcel.since !== undefined && <span className="muted">{t('parcel.since', { at: format.at(parcel.since) })}</span>}
    >
      <div className="grid">
        <div className="span-4 stack">
          {!isVoided && <Arrival parcel={parcel} />}
          <Inside order={order} parcel={parcel} />
          <Emissions parcel={parcel} />
        </div>
        <div className="span-4">{(!isVoided || parcel.scans.length > 0) && <Scans scans={parcel.scans} />}</div>
        <div className="span-4">{!isVoided && <Way order={order} parcel={parcel} />}</div>
      </div>
    </Card>
  )
}

function Arrival({ parcel }: { readonly parcel: Parcel }) {
  const t = useText()
  const format = useFormat()
  const { eta, deliveredAt, promisedBy } = parcel
  const at = deliveredAt ?? eta?.at
  return (
    <div>
      <div className="muted">{t('parcel.arrival')}</div>
      {deliveredAt !== undefined && <strong>{t('parcel.arrived', { at: format.at(deliveredAt) })}</strong>}
      {deliveredAt === undefined && eta !== undefined && (
        <>
          <strong>{format.at(eta.at)}</strong>
          <div className="muted">{t('parcel.arrival.range', { from: format.at(eta.from), to: format.at(eta.to) })}</div>
          <div className="muted">{t('parcel.arrival.basis', { n: format.number(eta.observations) })}</div>
        </>
      )}
      {at === undefined && <span>{t('parcel.arrival.none')}</span>}
      {promisedBy !== undefined && (
        <div>
          {t('parcel.promise')} {format.at(promisedBy)} {at !== undefined && <Difference ms={beside(at, promisedBy)} />}
        </div>
      )}
    </div>
  )
}

function Difference({ ms }: { readonly ms: number }) {
  const t = useText()
  const format = useFormat()
  const time = format.duration(Math.abs(ms))
  return <Tag color={ms > 0 ? 'error' : 'success'}>{t(ms > 0 ? 'parcel.promise.late' : 'parcel.promise.early', { time })}</Tag>
}

function Inside({ order, parcel }: { readonly order: Order; readonly parcel: Parcel }) {
  const t = useText()
  const format = useFormat()
  const names = new Map(order.lines.map((line) => [line.lineRef, line.name ?? line.sku]))
  const sides = [parcel.lengthMm, parcel.widthMm, parcel.heightMm].filter((side) => side !== undefined)
  const sizes = [
    ...(parcel.weightGrams === undefined ? [] : [format.grams(parcel.weightGrams)]),
    ...(sides.length === 3 ? [`${sides.map((side) => format.number(side / 10)).join(' × ')} cm`] : []),
  ]
  return (
    <div>
      <div className="muted">{t('parcel.items')}</div>
      {parcel.lines.map((line) => (
        <div key={`${line.lineRef}-${line.sku}`}>
          {names.get(line.lineRef) ?? line.sku} × {format.number(line.quantity)}
        </div>
      ))}
      <div className="muted">
        {(parcel.nodeName ?? parcel.nodeId) !== undefined && t('parcel.from', { node: parcel.nodeName ?? parcel.nodeId ?? '' })}{' '}
        {sizes.join(' · ')}
      </div>
    </div>
  )
}

function Emissions({ parcel }: { readonly parcel: Parcel }) {
  const t = useText()
  const format = useFormat()
  if (parcel.co2eGrams === undefined) return null
  return (
    <div>
      <div className="muted">{t('parcel.co2')}</div>
      <strong>{format.grams(parcel.co2eGrams)} CO₂e</strong>
      {parcel.legs.length > 0 && (
        <Collapse ghost size="small" items={[{ key: 'legs', label: t('parcel.legs'), children: <Legs legs={parcel.legs} /> }]} />
      )}
    </div>
  )
}

function Legs({ legs }: { readonly legs: readonly Leg[] }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  return (
    <div className="stack">
      {legs.map((leg, i) => (
        <div key={i}>
          <div className="between">
            <span>
              {[
                word('mode', leg.mode),
                leg.distanceKm === undefined ? '' : `${format.number(Math.round(leg.distanceKm))} km`,
                format.grams(leg.massGrams),
              ]
                .filter((part) => part !== '')
                .join(' · ')}
            </span>
            <span className="num">{format.grams(leg.co2eGrams)} CO₂e</span>
          </div>
          <div className="muted">
            {t('parcel.leg.source')}: {leg.source}, {leg.sourceRow} ({word('quality', leg.quality)})
          </div>
        </div>
      ))}
    </div>
  )
}

function Scans({ scans }: { readonly scans: readonly Scan[] }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  if (scans.length === 0) return <span className="muted">{t('parcel.scans.none')}</span>
  return (
    <>
      <div className="muted" style={{ marginBottom: 12 }}>
        {t('parcel.scans')}
      </div>
      <Timeline
        items={scans.map((scan, i) => ({
          key: i,
          color: scan.flags.length > 0 ? 'orange' : i === 0 ? 'green' : 'gray',
          content: (
            <>
              <strong>
                {scan.meaning === undefined ? t('parcel.scan.unknown', { code: scan.code ?? '–' }) : word('scan', scan.meaning)}
              </strong>
              <div className="muted">
                {scan.precision === 'day' ? format.day(scan.occurredAt) : format.at(scan.occurredAt)}
                {scan.place !== undefined && ` · ${placeText(scan.place)}`}
              </div>
              {scan.flags.map((flag) => (
                <Tag key={flag} color="warning">
                  {word('scanFlag', flag)}
                </Tag>
              ))}
            </>
          ),
        }))}
      />
    </>
  )
}

function placeText({ name, region, city, countryCode }: NonNullable<Scan['place']>): string {
  const parts = [region, city === region ? undefined : city, name].filter((part) => part !== undefined)
  return parts.length === 0 ? (countryCode ?? '') : parts.join(' ')
}

const stopColors = { node: '#0b6e5f', scan: '#2f7fb0', to: '#b3261e' } as const

function Way({ order, parcel }: { readonly order: Order; readonly parcel: Parcel }) {
  const t = useText()
  const nodes = useNodes().data ?? []
  const { stops, unplaced } = wayOf(parcel, order.shipTo, nodes)
  if (stops.length < 2) return null
  const isThere = parcel.state === 'delivered'
  return (
    <>
      <MapView
        label={t('parcel.map')}
        width={420}
        least={0.006}
        points={stops.map(({ kind, ...stop }) => ({ ...stop, color: stopColors[kind], size: kind === 'scan' ? 1 : 2, isNamed: true }))}
        lines={stops.slice(1).map((stop, i) => ({
          from: stops[i]?.id ?? '',
          to: stop.id,
          color: stop.kind === 'to' && !isThere ? '#8aa0a8' : '#0b6e5f',
        }))}
      />
      {unplaced > 0 && <div className="muted">{t('parcel.map.rest')}</div>}
    </>
  )
}
