import type { DemoClock as DemoTime } from '../../../contract/capabilities/demo.ts'
import type { DemoClock, DemoTime as Read } from '../../engine/demo-clock.ts'
import type { DemoTroubles } from '../../engine/demo-troubles.ts'
import { done, type Outcome, refuse } from '../../kernel/outcome.ts'
import { toIso } from '../../kernel/time.ts'
import type { Handlers } from '../handler.ts'
import { instantIn } from './read-deps.ts'

type Demo = { readonly demoClock: DemoClock | undefined; readonly demoTroubles: DemoTroubles | undefined }
type Names = 'demo.clock' | 'demo.moveClock' | 'demo.trouble' | 'demo.troubles' | 'demo.reportTrouble'

const off = refuse('demo_off', { en: 'this hub runs without the demo', zh: '本系统未以演示方式启动' })
const show = ({ at, rate, history }: Read): Outcome<DemoTime> =>
  done({ at: toIso(at), rate, ...(history && { history: { from: toIso(history.from), until: toIso(history.until) } }) })

/** What only the demo has; elsewhere each of them is refused. */
export function demoHandlers({ demoClock: clock, demoTroubles: troubles }: Demo): Pick<Handlers, Names> {
  return {
    'demo.clock': async () => (clock === undefined ? off : show(clock.read())),
    'demo.moveClock': async (_, { body }) => {
      if (clock === undefined) return off
      const { historyUntil: until, ...move } = body
      return show(
        await clock.move({ ...move, ...(until !== undefined && { historyUntil: instantIn('historyUntil', until, 'body_invalid') }) }),
      )
    },
    'demo.trouble': async (_, { body }) => (troubles === undefined ? off : done(troubles.ask(body.kind))),
    'demo.troubles': async () => (troubles === undefined ? off : done({ items: [...troubles.list()] })),
    'demo.reportTrouble': async (_, { params, body }) => {
      if (troubles === undefined) return off
      const trouble = troubles.report(params.troubleId, body)
      return trouble === undefined
        ? refuse(
            'trouble_unknown',
            { en: `there is no ${params.troubleId}`, zh: `没有故障 ${params.troubleId}` },
            { got: params.troubleId },
          )
        : done(trouble)
    },
  }
}
