import type { ErasePerson } from '../../engine/families/person-family.ts'
import type { PersonId } from '../../kernel/ids.ts'
import { done, refuse } from '../../kernel/outcome.ts'
import { parseId } from '../../kernel/ids.ts'
import type { Handlers } from '../handler.ts'
import { commandContext, type WriteDeps } from './write-deps.ts'

/** Erasure of personal data on request. */
export function personWriteHandlers(deps: WriteDeps): Pick<Handlers, 'person.erase'> {
  return {
    'person.erase': async (context, { params, body }) => {
      const personId: PersonId | undefined = parseId('per', params.personId)
      if (personId === undefined)
        return refuse('person_unknown', { en: 'there is no such person', zh: '该人不存在' }, { got: params.personId })
      const command: ErasePerson = { kind: 'erasePerson', personId, reason: body.reason }
      const outcome = await deps.engine.submit(command, commandContext(context))
      if (outcome.status === 'refused') return outcome
      return done({ personId, erasedAt: String(outcome.value['erasedAt']) })
    },
  }
}
