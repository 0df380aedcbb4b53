import { useWord } from '../../i18n/language.tsx'
import { useMay } from '../session/session.ts'
import { useFactNames } from '../network/facts.ts'
import { useAssigneeName } from '../tasks/tasks.ts'

/** Who it was, by name where there is one; what is not a person or a channel, or may not be known, is said to be what it is. */
export function Actor({ actor: { kind, id } }: { readonly actor: { readonly kind: string; readonly id: string } }) {
  const word = useWord()
  const may = useMay()
  const personOf = useAssigneeName()
  const { channels } = useFactNames()
  if (kind === 'clock' || id === 'hidden') return word('actor', kind)
  if (kind === 'person') return <span title={id}>{personOf(id)}</span>
  if (kind === 'channel') return <span title={id}>{channels.get(id) ?? (may('facts.read') ? id : word('actor', kind))}</span>
  return (
    <span>
      {word('actor', kind)}: {kind === 'policy' ? word('policy', id) : <span className="mono">{id}</span>}
    </span>
  )
}
