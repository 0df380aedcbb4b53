import { useMutation } from '@tanstack/react-query'
import { Button, Card, Form, Input, Typography } from 'antd'
import { hub } from '../../api/hub.ts'
import { useLanguage } from '../../i18n/language.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import type { Session } from './session.ts'

type Given = { readonly login: string; readonly password: string }

export function SignIn({ onEntered }: { readonly onEntered: (session: Session) => void }) {
  const { t, language, speak } = useLanguage()
  const enter = useMutation({ mutationFn: (given: Given) => hub.call('session.open', { body: given }), onSuccess: onEntered })
  return (
    <main style={{ minHeight: '100%', display: 'grid', placeItems: 'center', padding: 16 }}>
      <Card style={{ width: 'min(400px, 100%)' }}>
        <div className="between">
          <Typography.Title level={1} style={{ fontSize: 24, margin: 0 }}>
            {t('app.name')}
          </Typography.Title>
          <Button type="text" onClick={() => speak(language === 'en' ? 'zh-CN' : 'en')}>
            {t('language.switch')}
          </Button>
        </div>
        <Typography.Paragraph className="muted">{t('app.tagline')}</Typography.Paragraph>
        <Form<Given> layout="vertical" onFinish={(given) => enter.mutate(given)} requiredMark={false}>
          <Form.Item name="login" label={t('session.login')} rules={[{ required: true }]}>
            <Input autoComplete="username" autoFocus />
          </Form.Item>
          <Form.Item name="password" label={t('session.password')} rules={[{ required: true }]}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          {enter.error !== null && <ProblemAlert error={enter.error} />}
          <Button type="primary" htmlType="submit" block loading={enter.isPending} style={{ marginTop: 12 }}>
            {t('session.enter')}
          </Button>
        </Form>
        <Typography.Paragraph className="muted" style={{ marginTop: 16, marginBottom: 0 }}>
          {t('session.hint')}
        </Typography.Paragraph>
      </Card>
    </main>
  )
}
