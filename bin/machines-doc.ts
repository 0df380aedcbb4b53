import { readFileSync, writeFileSync } from 'node:fs'
import { requestMachine, workMachine } from '../server/domain/fulfillment/work-machine.ts'
import { parcelMachine } from '../server/domain/parcel/parcel-machine.ts'
import type { Machine } from '../server/kernel/machine.ts'

export const MACHINES_PAGE = new URL('../docs/reference/machines.md', import.meta.url)

const machines: readonly { readonly en: string; readonly zh: string; readonly first: string; readonly machine: Machine }[] = [
  { en: 'Fulfillment order, work', zh: '履约单：作业', first: 'planned', machine: workMachine },
  { en: 'Fulfillment order, request', zh: '履约单：请求', first: 'none', machine: requestMachine },
  { en: 'Parcel', zh: '包裹', first: 'created', machine: parcelMachine },
]
const LABELS_MAX = 4

/** Steps between the same two states stand together; what leaves a state as it is is not drawn. */
function drawing(first: string, machine: Machine): string {
  const lines = ['stateDiagram-v2', `  [*] --> ${first}`]
  for (const [from, steps] of Object.entries(machine)) {
    const byTarget = new Map<string, string[]>()
    for (const [step, to = ''] of Object.entries(steps)) if (to !== from) byTarget.set(to, [...(byTarget.get(to) ?? []), step])
    for (const [to, labels] of byTarget) {
      const more = labels.length > LABELS_MAX ? ', …' : ''
      lines.push(`  ${from} --> ${to}: ${labels.slice(0, LABELS_MAX).join(', ')}${more}`)
    }
    if (Object.keys(steps).length === 0) lines.push(`  ${from} --> [*]`)
  }
  return `\`\`\`mermaid\n${lines.join('\n')}\n\`\`\``
}

/** docs/reference/machines.md, from the machines themselves; `npm test` compares it with the file. */
export function renderMachines(): string {
  return `${[
    '# State machines · 状态机',
    'Drawn by `node bin/machines-doc.ts` from the tables that decide; do not edit. Each is checked when the hub starts: every state is reached and has a way to an end. What else a step needs: [states](states.md).\n本页由状态机数据生成，请勿手工修改；启动时逐一检查。各步骤的其他条件见 [states](states.md)。',
    ...machines.flatMap(({ en, zh, first, machine }) => [`## ${en} · ${zh}`, drawing(first, machine)]),
  ].join('\n\n')}\n`
}

if (import.meta.main) {
  const page = renderMachines()
  if (process.argv.includes('--check')) process.exitCode = readFileSync(MACHINES_PAGE, 'utf8') === page ? 0 : 1
  else writeFileSync(MACHINES_PAGE, page)
}
