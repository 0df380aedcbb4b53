import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Form, Input, Modal, Select, Typography } from 'antd'
import { events } from '../../../contract/events.ts'
import { hub } from '../../api/hub.ts'
import { useText } from '../../i18n/language.tsx'
import { ProblemAlert } from '../../ui/states.tsx'

type Given = { readonly name: string; readonly url: string; readonly types?: string[] }

/** Whole families first, then each type. */
const names = Object.keys(events)
const types = [...new Set(names.map((name) => `${name.split('.', 1)[0]}.*`)), ...names]

export function NewWebhook({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: (secret: string) => void }) {
  const t = useText()
  const queries = useQueryClient()
  const [form] = Form.useForm<Given>()
  const make = useMutation({
    mutationFn: ({ name, url, types: chosen = [] }: Given) =>
      hub.call('webhook.create', { body: { name, url, ...(chosen.length === 0 ? {} : { filters: { types: chosen } }) } }),
    onSuccess: ({ secret }) => {
      void queries.invalidateQueries({ queryKey: ['webhooks'] })
      onMade(secret)
    },
  })
  return (
    <Modal
      open
      title={t('webhook.new')}
      okText={t('webhook.make')}
      cancelText={t('state.cancel')}
      okButtonProps={{ loading: make.isPending }}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      <p className="muted">{t('webhook.new.hint')}</p>
      <Form<Given> form={form} layout="vertical" requiredMark={false} onFinish={(given) => make.mutate(given)}>
        <Form.Item name="name" label={t('network.col.name')} rules={[{ required: true, max: 200 }]}>
          <Input autoFocus />
        </Form.Item>
        <Form.Item name="url" label="URL" rules={[{ required: true, type: 'url' }]}>
          <Input placeholder="https://" inputMode="url" />
        </Form.Item>
        <Form.Item name="types" label={t('webhook.col.types')}>
          <Select mode="multiple" allowClear placeholder={t('state.all')} options={types.map((value) => ({ value, label: value }))} />
        </Form.Item>
      </Form>
      {make.error !== null && <ProblemAlert error={make.error} />}
    </Modal>
  )
}

/** The one time that a secret can be read. */
export function SecretShown({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const t = useText()
  return (
    <Modal
      open
      title={t('webhook.secret')}
      okText={t('state.close')}
      onOk={onClose}
      onCancel={onClose}
      cancelButtonProps={{ hidden: true }}
      mask={{ closable: false }}
    >
      <p>{t('webhook.secret.hint')}</p>
      <Typography.Paragraph className="mono" copyable style={{ overflowWrap: 'anywhere' }}>
        {secret}
      </Typography.Paragraph>
    </Modal>
  )
}
