import type { DemoClock as DemoTime } from '../../../contract/capabilities/demo.ts'
import type { DemoClock } from '../../engine/demo-clock.ts'
import { done, refuse } from '../../kernel/outcome.ts'
import { toIso, type Instant } from '../../kernel/time.ts'
import type { Handlers } from '../handler.ts'

const off = refuse('demo_off', 'this hub runs without the demo')
const show = ({ at, rate }: { readonly at: Instant; readonly rate: number }): DemoTime => ({ at: toIso(at), rate })

/** What only the demo has; elsewhere each of them is refused. */
export function demoHandlers(clock: DemoClock | undefined): Pick<Handlers, 'demo.clock' | 'demo.moveClock'> {
  return {
    'demo.clock': async () => (clock === undefined ? off : done(show(clock.read()))),
    'demo.moveClock': async (_, { body }) => (clock === undefined ? off : done(show(await clock.move(body)))),
  }
}
