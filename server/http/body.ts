import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { SurfaceError } from './problems.ts'

/**
 * Reads a whole body of at most `bytesMax` within `msMax`. The timer is armed only when the body does not come with its first chunk,
 * so an ordinary request pays nothing for the guard against a sender that trickles.
 */
export function readBody(message: IncomingMessage, bytesMax: number, msMax: number): Promise<Buffer> {
  const declared = Number(message.headers['content-length'] ?? -1)
  if (declared > bytesMax) return Promise.reject(tooLarge(bytesMax, declared))
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    let timer: NodeJS.Timeout | undefined
    let isSettled = false
    const settle = (finish: () => void): void => {
      isSettled = true
      clearTimeout(timer)
      message.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone)
      finish()
    }
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length
      chunks.push(chunk)
      if (bytes > bytesMax) settle(() => reject(tooLarge(bytesMax, bytes)))
      else if (timer === undefined && bytes !== declared) timer = setTimeout(onSlow, msMax)
    }
    const onEnd = (): void => settle(() => resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)))
    const onGone = (): void =>
      settle(() => reject(new SurfaceError('request_invalid', { en: 'the body ended before it was complete', zh: '请求体未传完即中断' })))
    const armIfSilent = (): void => {
      if (bytes === 0 && timer === undefined && !isSettled) timer = setTimeout(onSlow, msMax)
    }
    const onSlow = (): void =>
      settle(() =>
        reject(new SurfaceError('body_timeout', { en: `the body did not come within ${msMax} ms`, zh: `请求体未在 ${msMax} 毫秒内到齐` })),
      )
    message.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone)
    // The first chunk is on the clock itself, unless it came with the headers: then it is here by the next tick.
    if (declared !== 0 && message.readableLength === 0 && !message.complete) process.nextTick(armIfSilent)
  })
}

const tooLarge = (bytesMax: number, got: number): SurfaceError =>
  new SurfaceError(
    'body_too_large',
    { en: `the body may have at most ${bytesMax} bytes`, zh: `请求体最多 ${bytesMax} 字节` },
    { expected: bytesMax, got },
  )

/** The body as text; refuses bytes that are not UTF-8 instead of replacing them. */
export function textOfBody(body: Buffer): string {
  if (!isUtf8(body))
    throw new SurfaceError('json_invalid', { en: 'the body is not UTF-8', zh: '请求体不是 UTF-8 编码' }, { expected: 'UTF-8 text' })
  // A byte order mark is no part of the text.
  return body.length >= 3 && body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.toString('utf8', 3) : body.toString('utf8')
}
