import { type Refusal, refuse } from '../kernel/outcome.ts'

export const keyReused = (key: string): Refusal =>
  refuse('idempotency_key_reused', 'the key was used with another body; expected the same body or a new key', { got: key })
