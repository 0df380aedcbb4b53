import { Modal } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../i18n/language.tsx'
import { usePages } from './pages.ts'

/** What the keyboard does: derived from the pages that the reader has. */
export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  const t = useText()
  const pages = usePages()
  return (
    <Modal open title={t('keys.title')} footer={null} onCancel={onClose}>
      <h3>{t('keys.act')}</h3>
      <dl className="keys">
        <Shortcut keys={['Ctrl', 'K']}>{t('keys.palette')}</Shortcut>
        <Shortcut keys={['?']}>{t('keys.help')}</Shortcut>
        <Shortcut keys={['Tab']}>{t('keys.move')}</Shortcut>
        <Shortcut keys={['Esc']}>{t('keys.close')}</Shortcut>
        <Shortcut keys={['←', '→']}>{t('keys.slider')}</Shortcut>
      </dl>
      <h3>{t('keys.go')}</h3>
      <dl className="keys">
        {pages.map((page) => (
          <Shortcut key={page.to} keys={['g', page.key]}>
            {t(page.title)}
          </Shortcut>
        ))}
      </dl>
    </Modal>
  )
}

function Shortcut({ keys, children }: { readonly keys: readonly string[]; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{children}</dt>
      <dd>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dd>
    </div>
  )
}
