import type { Answer } from '../../api/hub.ts'

export type Work = Answer<'fulfillment.list'>['items'][number]
