/** What the demo's log-ins with a narrow role may see: one of each, so that roles can be compared. */
export const DEMO_SCOPES = {
  customer: { customer: { channelId: 'app', customerRef: 'app-1' } },
  floor: { nodes: ['dc-001'] },
  carrier: { carriers: ['sf'] },
} as const
