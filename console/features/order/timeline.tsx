import { useQuery } from '@tanstack/react-query'
import { Card, Tag, Tooltip } from 'antd'
import { type Answer, hub } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage, useText, useWord } from '../../i18n/language.tsx'
import { Loaded } from '../../ui/states.tsx'
import { phaseColors, PhaseTag } from '../../ui/tags.tsx'
import { Actor } from './actor.tsx'
import './timeline.css'

/** More than an order has by far. */
const MILESTONES = 1000
type Life = Answer<'order.timeline'>
type Milestone = Life['milestones'][number]
type Clock = Milestone['clocks'][number]

/** An order's life: how long it stood where, what happened, by whom, and which clocks ran. A milestone can be visited. */
export function Timeline({ orderId, onVisit }: { readonly orderId: string; readonly onVisit: (recordedAt: string) => void }) {
  const t = useText()
  const asked = useQuery({
    queryKey: ['order', orderId, 'timeline'],
    queryFn: () => hub.call('order.timeline', { params: { orderId }, query: { limit: MILESTONES } }),
  })
  return (
    <Loaded of={asked}>
      {(life) => (
        <div className="stack">
          <Card size="small" title={t('order.life.phases')}>
            <Spans life={life} />
          </Card>
          <Card size="small" title={t('order.life')}>
            <ol className="life">
              {life.milestones.toReversed().map((milestone) => (
                <li key={milestone.version} style={{ borderColor: phaseColors[milestone.phase] }}>
                  <Happened milestone={milestone} onVisit={onVisit} />
                </li>
              ))}
            </ol>
          </Card>
        </div>
      )}
    </Loaded>
  )
}

/** The phases side by side, each as wide as its share of the time; a short one can still be seen. */
function Spans({ life }: { readonly life: Life }) {
  const format = useFormat()
  const word = useWord()
  return (
    <>
      <div className="spans" aria-hidden="true">
        {life.phases.map((span) => (
          <i key={span.from} style={{ flexGrow: Math.max(1, span.durationMs), background: phaseColors[span.phase] ?? '#8a8f8d' }} />
        ))}
      </div>
      <dl className="spans-key">
        {life.phases.map((span) => (
          <div key={span.from}>
            <dt>
              <i className="live-dot" style={{ background: phaseColors[span.phase] ?? '#8a8f8d' }} /> {word('phase', span.phase)}
            </dt>
            <dd>
              <strong>{format.duration(span.durationMs)}</strong> <span className="muted">{format.at(span.from)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function Happened({ milestone, onVisit }: { readonly milestone: Milestone; readonly onVisit: (recordedAt: string) => void }) {
  const { t, language } = useLanguage()
  const format = useFormat()
  const { actor, clocks, durationMs } = milestone
  return (
    <>
      <div className="row">
        <button type="button" className="moment" title={t('order.life.visit')} onClick={() => onVisit(milestone.recordedAt)}>
          {format.at(milestone.occurredAt)}
        </button>
        <strong>{milestone.title[language === 'en' ? 'en' : 'zh']}</strong>
        <PhaseTag phase={milestone.phase} />
        {clocks.map((clock) => (
          <ClockTag key={clock.clock} clock={clock} />
        ))}
      </div>
      <div className="muted">
        {durationMs > 0 && `${t('order.life.after', { time: format.duration(durationMs) })} · `}
        <Actor actor={actor} />
      </div>
    </>
  )
}

const clockTones = { running: 'processing', met: 'success', breached: 'error' } as const

function ClockTag({ clock }: { readonly clock: Clock }) {
  const { t, language } = useLanguage()
  const format = useFormat()
  return (
    <Tooltip title={t('order.clock.due', { at: format.at(clock.dueAt) })}>
      <Tag color={clockTones[clock.state]}>
        {clock.title[language === 'en' ? 'en' : 'zh']}: {t(`order.clock.${clock.state}`)}
      </Tag>
    </Tooltip>
  )
}
