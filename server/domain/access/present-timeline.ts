import type { Timeline } from '../../../contract/entities/timeline.ts'
import { actorShown, causeShown } from './present-event.ts'
import { sightOfRole, type Viewer } from './sight.ts'

/** An order's life as the viewer may see it: who is told no reasons is told no clocks, and who did it where the role may know. */
export function presentTimeline(viewer: Viewer, timeline: Timeline): Timeline {
  const hasReasons = sightOfRole[viewer.role].reasons !== 'none'
  return {
    ...timeline,
    milestones: timeline.milestones.map((one) => ({
      ...causeShown(viewer, one),
      actor: actorShown(viewer, one.actor),
      clocks: hasReasons ? one.clocks : [],
    })),
  }
}
