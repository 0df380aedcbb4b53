import { Button, Card, Popconfirm, Progress, Segmented } from 'antd'
import type { Answer } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { Loaded, ProblemAlert } from '../../ui/states.tsx'
import { businessTime } from '../session/business-now.ts'
import { useMay } from '../session/session.ts'
import { useDemoClock, useWall } from './demo.ts'

const RATES = [0, 1, 60, 600, 3600] as const
const STEPS = [
  { seconds: 3_600, name: 'demo.clock.hour' },
  { seconds: 6 * 3_600, name: 'demo.clock.hours' },
  { seconds: 86_400, name: 'demo.clock.day' },
] as const
const TICK_MS = 250
/** While history is lived nobody has said how fast time runs. */
const UNSAID = -1

type Clock = Answer<'demo.clock'>

/** The demo's time: how late it is there, how fast it runs, and steps ahead. It never goes back, so a step is asked about first. */
export function DemoClock() {
  const t = useText()
  const may = useMay()
  const { asked, move } = useDemoClock()
  return (
    <Card size="small" title={t('demo.clock')}>
      <Loaded of={asked}>
        {(clock) => (
          <div className="stack">
            <Hands said={clock} saidAt={asked.dataUpdatedAt} />
            {clock.history !== undefined && <Lived at={clock.at} {...clock.history} />}
            <Segmented<number>
              block
              className="clock-rates"
              aria-label={t('demo.clock.rate')}
              disabled={!may('hub.write') || move.isPending}
              value={clock.history === undefined ? clock.rate : UNSAID}
              options={RATES.map((rate) => ({ value: rate, label: rate === 0 ? t('demo.clock.pause') : `${rate}×` }))}
              onChange={(rate) => move.mutate({ rate })}
            />
            <div className="row">
              {STEPS.map(({ seconds, name }) => (
                <Popconfirm
                  key={seconds}
                  title={t('demo.clock.step.effect')}
                  okText={t('demo.clock.step')}
                  cancelText={t('state.cancel')}
                  onConfirm={() => move.mutate({ advanceSeconds: seconds })}
                >
                  <Button disabled={!may('hub.write')} loading={move.isPending && move.variables.advanceSeconds === seconds}>
                    {t(name)}
                  </Button>
                </Popconfirm>
              ))}
            </div>
            {move.error !== null && <ProblemAlert error={move.error} />}
          </div>
        )}
      </Loaded>
    </Card>
  )
}

function Hands({ said, saidAt }: { readonly said: Clock; readonly saidAt: number }) {
  const t = useText()
  const format = useFormat()
  const wall = useWall(TICK_MS)
  const now = new Date(businessTime(said, saidAt, wall)).toISOString()
  const rate = said.rate === 0 ? t('demo.clock.still') : t('demo.clock.runs', { rate: format.number(said.rate) })
  const runs = said.history === undefined ? rate : t('demo.clock.lived')
  return (
    <div>
      <div className="clock" role="timer" aria-label={t('demo.clock')}>
        {format.time(now)}
      </div>
      <div className="muted">
        {format.day(now)} · {runs}
      </div>
    </div>
  )
}

/** How far the world has come on its way to the present. */
function Lived({ at, from, until }: { readonly at: string; readonly from: string; readonly until: string }) {
  const t = useText()
  const [now, start, end] = [at, from, until].map((text) => Date.parse(text)) as [number, number, number]
  const percent = Math.floor((100 * (now - start)) / Math.max(1, end - start))
  return (
    <div>
      <Progress percent={percent} size="small" status="active" aria-label={t('demo.clock.lived')} />
      <div className="muted">{t('demo.clock.lived.effect')}</div>
    </div>
  )
}
