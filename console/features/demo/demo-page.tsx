import { useText } from '../../i18n/language.tsx'
import { BreakSomething } from './break-something.tsx'
import { DemoClock } from './demo-clock.tsx'
import './demo.css'
import { MadeTroubles } from './made-troubles.tsx'

/** The visitor's hand on the demo's world: its time, and what goes wrong in it. */
export function DemoPage() {
  const t = useText()
  return (
    <div className="page">
      <div className="head">
        <h1>{t('demo.title')}</h1>
        <span className="muted">{t('demo.hint')}</span>
      </div>
      <div className="grid">
        <div className="span-8">
          <BreakSomething />
        </div>
        <div className="span-4 stack demo-side">
          <DemoClock />
          <MadeTroubles />
        </div>
      </div>
    </div>
  )
}
