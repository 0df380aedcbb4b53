import { Button, Slider } from 'antd'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { useEventTitle } from './event-title.ts'
import { useOrderEvents } from './order.ts'

/** Every step is an event of the order; the last one is now. What is shown is what the hub knew then. */
export function PastSlider(props: {
  readonly orderId: string
  readonly at: string | undefined
  readonly onChange: (at: string | undefined) => void
}) {
  const { orderId, at, onChange } = props
  const t = useText()
  const format = useFormat()
  const titleOf = useEventTitle()
  const events = useOrderEvents(orderId).data
  const moments = [...new Set(events?.map((event) => event.recordedAt))]
  if (moments.length < 2 && at === undefined) return null
  const step = at === undefined ? moments.length - 1 : Math.max(0, moments.indexOf(at))
  const shown = (events ?? []).filter((event) => event.recordedAt === moments[step]).map((event) => titleOf(event.type))
  return (
    <div className="row" style={{ gap: 16 }}>
      <span className="muted">{t('order.past')}</span>
      <Slider
        style={{ flex: '1 1 240px', maxWidth: 560 }}
        min={0}
        max={moments.length - 1}
        value={step}
        tooltip={{ formatter: (value) => format.at(moments[value ?? 0]) }}
        ariaLabelForHandle={t('order.past')}
        onChange={(value) => onChange(value === moments.length - 1 ? undefined : moments[value])}
      />
      {at === undefined ? (
        <span className="muted">{t('order.past.now')}</span>
      ) : (
        <>
          <span>
            {t('order.past.at', { at: format.at(at) })} · {shown.join(t('list.comma'))}
          </span>
          <Button size="small" onClick={() => onChange(undefined)}>
            {t('order.past.now')}
          </Button>
        </>
      )}
    </div>
  )
}
