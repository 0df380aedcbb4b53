import { useEffect, useRef } from 'react'
import { WedgeReader } from './wedge.ts'

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))

/** Who listens: of a dialog over a page, the dialog. */
const listeners: object[] = []

/** Gives codes that a scanner types while no field has the focus; its keys reach neither shortcuts nor the button that has the focus. */
export function useWedge(onCode: (code: string) => void, isOn = true): void {
  const take = useRef(onCode)
  take.current = onCode
  useEffect(() => {
    if (!isOn) return
    const reader = new WedgeReader()
    listeners.push(reader)
    const press = (event: KeyboardEvent) => {
      if (listeners.at(-1) !== reader || isField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
      const { isMachine, code } = reader.press(event.key, event.timeStamp)
      if (!isMachine) return
      event.stopImmediatePropagation()
      event.preventDefault()
      if (code !== undefined) take.current(code)
    }
    addEventListener('keydown', press, { capture: true })
    return () => {
      listeners.splice(listeners.indexOf(reader), 1)
      removeEventListener('keydown', press, { capture: true })
    }
  }, [isOn])
}
