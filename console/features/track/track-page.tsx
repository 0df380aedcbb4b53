import { useQuery } from '@tanstack/react-query'
import { Button, Card, Steps, Tag, Typography } from 'antd'
import { digitalSteps, pickupSteps, trackSteps } from '../../../contract/entities/track.ts'
import { type Answer, hub, ProblemError } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage, useText } from '../../i18n/language.tsx'
import { Loaded, Nothing } from '../../ui/states.tsx'
import './track.css'

type Track = Answer<'track.get'>

const REFRESH_MS = 30_000
const tones = {
  waiting: 'default',
  preparing: 'processing',
  partShipped: 'processing',
  readyForPickup: 'success',
  onTheWay: 'processing',
  delivered: 'success',
  cancelled: 'default',
} as const

/** The shopper's page: no log-in, no shell; the link's secret stands behind `#` and is sent to the hub alone. */
export function TrackPage() {
  const { t, language, speak } = useLanguage()
  const token = location.hash.slice(1)
  const asked = useQuery({
    queryKey: ['track', token],
    queryFn: () => hub.call('track.get', { body: { token } }),
    refetchInterval: REFRESH_MS,
  })
  const isWrong = asked.error instanceof ProblemError && asked.error.status < 500 && asked.data === undefined
  return (
    <main className="track">
      <div className="between">
        <strong>{asked.data?.shop ?? t('app.name')}</strong>
        <Button type="text" lang={language === 'en' ? 'zh' : 'en'} onClick={() => speak(language === 'en' ? 'zh-CN' : 'en')}>
          {t('language.switch')}
        </Button>
      </div>
      {isWrong ? (
        <Nothing title={t('track.wrong')} hint={t('track.wrong.hint')} />
      ) : (
        <Loaded of={asked}>{(track) => <Way track={track} />}</Loaded>
      )}
    </main>
  )
}

function Way({ track }: { readonly track: Track }) {
  const t = useText()
  const format = useFormat()
  return (
    <div className="stack">
      <Card>
        <div className="between">
          <h1>{t(`track.state.${track.state}`)}</h1>
          <Tag color={tones[track.state]}>{t('track.order', { ref: track.externalRef })}</Tag>
        </div>
        {track.deliverBy !== undefined && track.state !== 'readyForPickup' && (
          <p className="track-promise">
            {track.pickup === undefined
              ? t('track.by', { at: format.day(track.deliverBy) })
              : t('track.readyBy', { at: format.at(track.deliverBy) })}
          </p>
        )}
        {track.pickup !== undefined && track.state !== 'delivered' && track.state !== 'cancelled' && <Pickup pickup={track.pickup} />}
        {track.state !== 'cancelled' && <Milestones track={track} />}
      </Card>
      <Items items={track.items} />
      {track.parcels.length > 0 && <Parcels parcels={track.parcels} />}
      {track.support !== undefined && <Contact support={track.support} />}
      <p className="muted">{t('track.asOf', { at: format.at(track.asOf) })}</p>
    </div>
  )
}

function Pickup({ pickup: { name, collectBy, code } }: { readonly pickup: NonNullable<Track['pickup']> }) {
  const t = useText()
  const format = useFormat()
  return (
    <div className="stack track-pickup">
      <strong>{t('track.pickup', { name })}</strong>
      {collectBy !== undefined && <span className="muted">{t('track.pickup.by', { at: format.at(collectBy) })}</span>}
      {code !== undefined && (
        <span>
          {t('track.pickup.code')} <strong className="mono track-code">{code}</strong>
        </span>
      )}
    </div>
  )
}

function Milestones({ track }: { readonly track: Track }) {
  const t = useText()
  const format = useFormat()
  const reached = new Map(track.steps.map(({ step, at }) => [step, at]))
  const all: readonly Track['steps'][number]['step'][] =
    track.isDigital === true ? digitalSteps : track.pickup === undefined ? trackSteps : pickupSteps
  const open = all.findIndex((step) => !reached.has(step))
  return (
    <Steps
      current={open === -1 ? all.length : open}
      orientation="vertical"
      items={all.map((step) => ({
        title: t(`track.step.${step}`),
        content: reached.has(step) ? format.at(reached.get(step)) : undefined,
      }))}
    />
  )
}

function Items({ items }: { readonly items: Track['items'] }) {
  const t = useText()
  const format = useFormat()
  return (
    <Card size="small" title={t('track.items')}>
      <div className="stack">
        {items.map((item, i) => (
          <div key={i} className="between">
            <span>
              {item.name} × {format.number(item.quantity)}
            </span>
            <span className="muted">{howFar(item, t, format.number)}</span>
          </div>
        ))}
      </div>
    </Card>
  )
}

function howFar(item: Track['items'][number], t: ReturnType<typeof useText>, number: (value: number) => string): string {
  const far = (['delivered', 'shipped', 'cancelled'] as const).filter((what) => item[what] > 0)
  const shown = far.includes('delivered') && item.delivered === item.shipped ? far.filter((what) => what !== 'shipped') : far
  return shown.map((what) => t(`track.units.${what}`, { n: number(item[what]) })).join(' · ')
}

function Parcels({ parcels }: { readonly parcels: Track['parcels'] }) {
  const t = useText()
  return (
    <Card size="small" title={t('track.parcels')}>
      <ul className="track-parcels">
        {parcels.map((parcel, i) => (
          <Parcel key={i} parcel={parcel} />
        ))}
      </ul>
    </Card>
  )
}

const parcelTones: Readonly<Record<string, 'success' | 'warning' | 'error'>> = {
  delivered: 'success',
  failed: 'warning',
  returned: 'warning',
  lost: 'error',
}

function Parcel({ parcel }: { readonly parcel: Track['parcels'][number] }) {
  const t = useText()
  const format = useFormat()
  const placeName = usePlaceName()
  const { state, place, eta, co2eGrams, isReturning } = parcel
  return (
    <li>
      <div className="between">
        <strong>{parcel.carrier ?? t('track.parcel')}</strong>
        <Tag color={parcelTones[state] ?? 'processing'}>{t(isReturning === true ? 'track.returning' : `parcel.state.${state}`)}</Tag>
      </div>
      {parcel.trackingNo !== undefined && (
        <Typography.Text className="mono" copyable={{ tooltips: false }}>
          {parcel.trackingNo}
        </Typography.Text>
      )}
      {eta !== undefined && (
        <div>
          <strong>{t('track.eta', { at: format.at(eta.at) })}</strong>
          <div className="muted">{t('track.eta.range', { from: format.at(eta.from), to: format.at(eta.to) })}</div>
        </div>
      )}
      {place !== undefined && <div>{t('track.place', { place: placeName(place), at: format.at(place.at) })}</div>}
      <div className="muted">
        {parcel.deliveredAt === undefined
          ? t('track.parcel.shipped', { at: format.at(parcel.shippedAt) })
          : t('track.parcel.delivered', { at: format.at(parcel.deliveredAt) })}
      </div>
      {co2eGrams !== undefined && co2eGrams >= 1 && <div className="muted">{t('track.co2e', { n: format.grams(co2eGrams) })}</div>}
    </li>
  )
}

type Place = NonNullable<Track['parcels'][number]['place']>
function usePlaceName(): (place: Place) => string {
  const { language } = useLanguage()
  return ({ name, city, region, countryCode }) => {
    const country = countryCode === undefined ? undefined : new Intl.DisplayNames(language, { type: 'region' }).of(countryCode)
    return [name, city, region === city ? undefined : region, country].filter((part) => part !== undefined).join(', ')
  }
}

/** Whom to ask; a page is only linked over https, as the hub takes no other. */
function Contact({ support: { email, phone, url } }: { readonly support: NonNullable<Track['support']> }) {
  const t = useText()
  return (
    <Card size="small" title={t('track.help')}>
      <div className="stack">
        {phone !== undefined && <a href={`tel:${phone.replaceAll(/[^+\d]/g, '')}`}>{t('track.help.phone', { phone })}</a>}
        {email !== undefined && <a href={`mailto:${email}`}>{t('track.help.email', { email })}</a>}
        {url?.startsWith('https://') === true && (
          <a href={url} rel="noreferrer noopener" target="_blank">
            {t('track.help.page')}
          </a>
        )}
      </div>
    </Card>
  )
}
