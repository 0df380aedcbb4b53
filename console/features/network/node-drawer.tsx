import { Link } from '@tanstack/react-router'
import { Button, Descriptions, Drawer } from 'antd'
import { useState } from 'react'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage, useText, useWord } from '../../i18n/language.tsx'
import { useMay } from '../session/session.ts'
import { CalendarWords } from './calendars.tsx'
import { ClosureDetail } from './closure-progress.tsx'
import { type Node, useCalendars, useCarriers } from './facts.ts'
import { NodeClosing } from './node-closing.tsx'
import { OpenTag } from './open-tag.tsx'

/** One node in words: where, when and how much it works, what it can do; closing it and opening it again. */
export function NodeDrawer({ node, onClose }: { readonly node: Node; readonly onClose: () => void }) {
  const t = useText()
  const may = useMay()
  const [isClosing, close] = useState(false)
  return (
    <Drawer
      open
      title={
        <span className="row">
          {node.name} <OpenTag closed={node.closed} />
        </span>
      }
      size={480}
      onClose={onClose}
    >
      <div className="stack">
        {node.closed === true ? (
          <ClosureDetail node={node} />
        ) : (
          may('fulfillment.manage') && (
            <div>
              <Button danger onClick={() => close(true)}>
                {t('close.ask')}
              </Button>
            </div>
          )
        )}
        <About node={node} />
        {may('fulfillment.read') && (
          <Link to="/work" search={{ nodeId: node.nodeId }}>
            {t('close.queue')}
          </Link>
        )}
      </div>
      {isClosing && <NodeClosing node={node} onClose={() => close(false)} />}
    </Drawer>
  )
}

function About({ node }: { readonly node: Node }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const { language } = useLanguage()
  const calendar = useCalendars().data?.find((one) => one.calendarId === node.calendarId)
  const { place, zone, cutOff, handlingMinutes, capacityPerDay, acceptMinutes, capabilities } = node
  const country = new Intl.DisplayNames(language, { type: 'region' }).of(place.countryCode)
  const minutes = (of: number) => format.duration(of * 60_000)
  const rows = [
    [t('network.col.kind'), word('kind', node.kind)],
    [t('network.col.place'), [place.city === place.region ? undefined : place.city, place.region, country].filter(Boolean).join(', ')],
    [t('network.col.zone'), <Zone key="zone" zone={zone} />],
    [t('network.col.calendar'), node.calendarId === undefined ? t('network.always') : <CalendarWords key="calendar" calendar={calendar} />],
    [t('network.col.cutOff'), cutOff === undefined ? t('network.cutOff.none') : t('network.cutOff', { at: cutOff })],
    [t('network.col.handling'), handlingMinutes === undefined ? t('network.handling.none') : minutes(handlingMinutes)],
    [
      t('network.col.capacity'),
      capacityPerDay === undefined ? t('network.unlimited') : t('network.capacity', { n: format.number(capacityPerDay) }),
    ],
    [
      t('network.col.accept'),
      acceptMinutes === undefined ? t('network.accept.none') : t('network.accept', { time: minutes(acceptMinutes) }),
    ],
    [
      t('network.col.can'),
      capabilities === undefined ? t('network.can.all') : capabilities.map((one) => word('capability', one)).join(', '),
    ],
    [t('network.col.services'), <Services key="services" node={node} />],
    [
      t('network.col.id'),
      <span key="id" className="mono">
        {node.nodeId}
      </span>,
    ],
  ] as const
  return <Descriptions column={1} size="small" bordered items={rows.map(([label, children]) => ({ key: label, label, children }))} />
}

/** A zone and how late it is there now. */
function Zone({ zone }: { readonly zone: string | undefined }) {
  const { language } = useLanguage()
  const t = useText()
  const name = zone ?? 'UTC'
  const there = new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: name,
    timeZoneName: 'shortOffset',
  })
  return (
    <>
      {name.replaceAll('_', ' ')} <span className="muted">{t('network.zone.now', { time: there.format(new Date()) })}</span>
    </>
  )
}

function Services({ node: { services } }: { readonly node: Node }) {
  const t = useText()
  const carriers = useCarriers().data ?? []
  if (services === undefined) return t('network.services.all')
  return (
    <ul className="facts-list">
      {services.map(({ carrierId, serviceId }) => {
        const carrier = carriers.find((one) => one.carrierId === carrierId)
        const service = carrier?.services.find((one) => one.serviceId === serviceId)
        return <li key={`${carrierId} ${serviceId}`}>{`${carrier?.name ?? carrierId} · ${service?.name ?? serviceId}`}</li>
      })}
    </ul>
  )
}
