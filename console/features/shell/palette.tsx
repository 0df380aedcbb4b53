import { useNavigate } from '@tanstack/react-router'
import { Input, Modal, Typography } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { useLook } from '../../ui/look.tsx'
import { Nothing } from '../../ui/states.tsx'
import { usePages } from './pages.ts'

type Doing = { readonly name: string; readonly hint: string; readonly go: () => void }

type Given = { readonly isOpen: boolean; readonly onClose: () => void; readonly onKeys: () => void }
/** Ctrl-K: go anywhere, look for an order, switch language and theme, without the mouse. */
export function Palette({ isOpen, onClose, onKeys }: Given) {
  const { t, language, speak } = useLanguage()
  const { turn } = useLook()
  const pages = usePages()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  useEffect(() => {
    if (isOpen) setTyped('')
    setAt(0)
  }, [isOpen])
  const found = useMemo<readonly Doing[]>(() => {
    const q = typed.trim()
    const all: Doing[] = [
      ...pages.map((page) => ({ name: t(page.title), hint: `g ${page.key}`, go: () => void navigate({ to: page.to }) })),
      { name: t('language.switch'), hint: '', go: () => speak(language === 'en' ? 'zh-CN' : 'en') },
      { name: t('theme.switch'), hint: '', go: turn },
      { name: t('keys.title'), hint: '?', go: onKeys },
    ]
    const matching = all.filter((one) => one.name.toLowerCase().includes(q.toLowerCase()))
    const search = { name: t('palette.order', { q }), hint: '↵', go: () => void navigate({ to: '/orders', search: { q } }) }
    return q === '' ? all : [...matching, search]
  }, [typed, t, pages, navigate, speak, language, turn, onKeys])
  const run = (one: Doing | undefined) => {
    if (one === undefined) return
    onClose()
    one.go()
  }
  return (
    <Modal open={isOpen} onCancel={onClose} footer={null} title={t('palette.title')} destroyOnHidden>
      <Input
        autoFocus
        value={typed}
        aria-label={t('palette.title')}
        placeholder={t('palette.hint')}
        onChange={(event) => {
          setTyped(event.target.value)
          setAt(0)
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setAt((now) => Math.min(now + 1, found.length - 1))
          else if (event.key === 'ArrowUp') setAt((now) => Math.max(now - 1, 0))
          else if (event.key === 'Enter') run(found[at])
          else return
          event.preventDefault()
        }}
      />
      <div role="listbox" aria-label={t('palette.title')} style={{ marginTop: 12 }}>
        {found.length === 0 && <Nothing title={t('palette.empty')} />}
        {found.map((one, i) => (
          <div
            key={one.name}
            role="option"
            aria-selected={i === at}
            tabIndex={-1}
            className="between"
            style={{ padding: '8px 12px', borderRadius: 6, cursor: 'pointer', background: i === at ? 'rgba(11,110,95,.16)' : undefined }}
            onMouseEnter={() => setAt(i)}
            onClick={() => run(one)}
          >
            <span>{one.name}</span>
            <Typography.Text type="secondary" keyboard={one.hint !== ''}>
              {one.hint}
            </Typography.Text>
          </div>
        ))}
      </div>
    </Modal>
  )
}
