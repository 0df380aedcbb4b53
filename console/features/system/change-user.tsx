import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, Form, Input, Modal } from 'antd'
import type { Role } from '../../../contract/access.ts'
import { passwordLength } from '../../../contract/capabilities/access.ts'
import { type Answer, hub } from '../../api/hub.ts'
import { useText } from '../../i18n/language.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { useUndo } from '../../ui/use-undo.tsx'
import { RoleFields, type ScopeGiven, scopeOf } from './new-access.tsx'

type User = Answer<'user.list'>['items'][number]
type Given = ScopeGiven & { readonly name: string; readonly role: Role; readonly password?: string }

/** Another name, role, reach or password for a log-in. What it had is offered back, but for the password, which nobody knows. */
export function ChangeUser({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const t = useText()
  const queries = useQueryClient()
  const offerUndo = useUndo()
  const [form] = Form.useForm<Given>()
  const { userId, name, role, scope } = user
  const change = async (body: { name: string; role: Role; scope: User['scope']; password?: string }): Promise<void> => {
    await hub.call('user.change', { params: { userId }, body })
    await queries.invalidateQueries({ queryKey: ['users'] })
  }
  const save = useMutation({
    mutationFn: ({ name: newName, role: newRole, password = '', nodes = [], carriers = [] }: Given) =>
      change({
        name: newName,
        role: newRole,
        // Channels and a customer are no part of this dialog: they stay.
        scope: { ...outsideDialog(scope), ...scopeOf(newRole === 'carrier' ? { carriers } : { nodes }) },
        ...(password === '' ? {} : { password }),
      }),
    onSuccess: () => {
      offerUndo(t('access.changed', { name }), () => change({ name, role, scope }))
      onClose()
    },
  })
  return (
    <Modal
      open
      title={`${t('access.change')} · ${user.login}`}
      okText={t('access.save')}
      cancelText={t('state.cancel')}
      okButtonProps={{ loading: save.isPending }}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      <Form<Given>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ name, role, nodes: scope.nodes ?? [], carriers: scope.carriers ?? [] }}
        onFinish={(given) => save.mutate(given)}
      >
        <Form.Item name="name" label={t('network.col.name')} rules={[{ required: true, max: 200 }]}>
          <Input autoFocus />
        </Form.Item>
        <RoleFields />
        <Form.Item
          name="password"
          label={t('access.newPassword')}
          extra={t('access.newPassword.hint')}
          rules={[{ min: passwordLength.min, message: t('access.password', { n: passwordLength.min }) }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Alert type="info" showIcon title={t('access.change.effect')} />
      </Form>
      {save.error !== null && <ProblemAlert error={save.error} />}
    </Modal>
  )
}

function outsideDialog({ nodes: _, carriers: __, ...rest }: User['scope']): User['scope'] {
  return rest
}
