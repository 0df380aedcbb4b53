import { type Refusal, refuse } from '../kernel/outcome.ts'

export const keyReused = (key: string): Refusal =>
  refuse(
    'idempotency_key_reused',
    {
      en: 'the key was used with another body; expected the same body or a new key',
      zh: '该键已用于另一请求体；请使用相同的请求体，或换用新键',
    },
    { got: key },
  )
