import { fileURLToPath } from 'node:url'
import type { Capability } from '../contract/capability.ts'
import type { Callable } from '../contract/client.ts'
import type { EventDefinition } from '../contract/event-definition.ts'

/**
 * The contract as a page needs it: where each capability is called, what each event is called. The schemas and the words for
 * documentation stay behind (they check at the hub), so a new capability costs a page tens of bytes. NOTE: code of the console that
 * reads more of the registry than `Callable`, or of the events than their names, finds it missing; a type keeps the client to it.
 */
export const plainContract = {
  name: 'plain-contract',
  load: async (id: string): Promise<string | undefined> => {
    if (id === REGISTRY) return sourceOf('capabilities', await capabilities())
    if (id === EVENTS) return sourceOf('events', await titles())
    return undefined
  },
}

const REGISTRY = fileURLToPath(new URL('../contract/registry.ts', import.meta.url))
const EVENTS = fileURLToPath(new URL('../contract/events.ts', import.meta.url))

const sourceOf = (name: string, value: object): string => `export const ${name} = ${JSON.stringify(value)}`
const callable = ({ name, method, path, kind }: Capability): Callable => ({ name, method, path, kind })

async function capabilities(): Promise<Record<string, Callable>> {
  const { capabilityList } = await import('../contract/registry.ts')
  return Object.fromEntries(capabilityList.map((capability) => [capability.name, callable(capability)]))
}

async function titles(): Promise<Record<string, Pick<EventDefinition, 'title'>>> {
  const { events } = await import('../contract/events.ts')
  return Object.fromEntries(Object.entries(events).map(([type, { title }]) => [type, { title }]))
}
