import { useQuery } from '@tanstack/react-query'
import { Alert, Card, Statistic } from 'antd'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { Loaded } from '../../ui/states.tsx'
import { figuresOf, isTrouble, type Told, told } from './metrics.ts'

const AGAIN_MS = 5_000

/** Whether this process takes work, how far it is behind, and what an operator should look at. */
export function Health() {
  const ready = useQuery({ queryKey: ['health', 'ready'], queryFn: () => statusOf('/readyz'), refetchInterval: AGAIN_MS, retry: false })
  const figures = useQuery({
    queryKey: ['health', 'figures'],
    queryFn: async () => figuresOf(await textOf('/metrics')),
    refetchInterval: AGAIN_MS,
  })
  const t = useText()
  return (
    <div className="stack">
      <div role="status">
        <Alert
          type={ready.data === false || ready.error !== null ? 'error' : 'success'}
          showIcon
          title={t(ready.data === false || ready.error !== null ? 'health.away' : 'health.ready')}
        />
      </div>
      <Loaded of={figures}>{(known) => <Figures known={known} />}</Loaded>
    </div>
  )
}

const statusOf = async (path: string): Promise<boolean> => (await fetch(path)).ok
async function textOf(path: string): Promise<string> {
  const answer = await fetch(path)
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
  return answer.text()
}

function Figures({ known }: { readonly known: ReadonlyMap<string, number> }) {
  return (
    <div className="health">
      {told.map((one) => (
        <Figure key={one.word} one={one} value={known.get(one.name)} />
      ))}
    </div>
  )
}

function Figure({ one, value }: { readonly one: Told; readonly value: number | undefined }) {
  const t = useText()
  const format = useFormat()
  const isBad = value !== undefined && isTrouble(one, value)
  const shown =
    value === undefined
      ? '–'
      : one.word === 'memory'
        ? `${format.number(Math.round(value / 1_000_000))} MB`
        : format.number(Math.round(value))
  return (
    <Card size="small">
      <Statistic title={t(`health.${one.word}`)} value={shown} styles={isBad ? { content: { color: '#b3261e' } } : {}} />
      <div className="muted">{t(`health.${one.word}.hint`)}</div>
      {isBad && <strong>{t('health.look')}</strong>}
    </Card>
  )
}
