import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Form, Input, Modal, Radio } from 'antd'
import { roles, type Role } from '../../../contract/access.ts'
import { hub, keepToken } from '../../api/hub.ts'
import { useText } from '../../i18n/language.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { useSession } from './session.ts'

type Given = { readonly role: Role; readonly password: string }

/** Typed once, good for every log-in of the demo; it ends with the page. */
let password = ''

/** The same page with another role's eyes: one of the demo's log-ins takes the place of this one. */
export function RoleSwitch({ onClose }: { readonly onClose: () => void }) {
  const t = useText()
  const { session } = useSession()
  const queries = useQueryClient()
  const [form] = Form.useForm<Given>()
  const enter = useMutation({
    mutationFn: (given: Given) => hub.call('session.open', { body: { login: `demo-${given.role}`, password: given.password } }),
    onSuccess: (entered, given) => {
      password = given.password
      keepToken(entered.csrfToken)
      queries.setQueryData(['session'], entered)
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
      onClose()
    },
  })
  return (
    <Modal
      open
      title={t('demo.role')}
      okText={t('demo.role.go')}
      cancelText={t('state.cancel')}
      okButtonProps={{ loading: enter.isPending }}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      <p>{t('demo.role.hint')}</p>
      <Form<Given>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ role: session.role, password }}
        onFinish={(given) => enter.mutate(given)}
      >
        <Form.Item name="role" label={t('session.role')}>
          <Radio.Group options={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))} />
        </Form.Item>
        <Form.Item name="password" label={t('session.password')} rules={[{ required: true }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
      </Form>
      {enter.error !== null && <ProblemAlert error={enter.error} />}
    </Modal>
  )
}
