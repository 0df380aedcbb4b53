import { Button, Card } from 'antd'
import { troubleKinds } from '../../../contract/entities/trouble.ts'
import { useText } from '../../i18n/language.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { useMay } from '../session/session.ts'
import { useAskTrouble } from './demo.ts'

/** Every trouble that the world can make: what will happen, what the hub will do about it, and the button. */
export function BreakSomething() {
  const t = useText()
  const may = useMay()
  const ask = useAskTrouble()
  return (
    <Card size="small" title={t('demo.break')}>
      {ask.error !== null && <ProblemAlert error={ask.error} />}
      <ul className="troubles">
        {troubleKinds.map((kind) => (
          <li key={kind}>
            <strong>{t(`trouble.${kind}`)}</strong>
            <p>{t(`trouble.${kind}.happens`)}</p>
            <p className="muted">{t('demo.hub', { what: t(`trouble.${kind}.hub`) })}</p>
            <Button
              danger
              size="small"
              aria-label={`${t('demo.make')}: ${t(`trouble.${kind}`)}`}
              disabled={!may('hub.write')}
              loading={ask.isPending && ask.variables === kind}
              onClick={() => ask.mutate(kind)}
            >
              {t('demo.make')}
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  )
}
