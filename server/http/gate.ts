import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Capability } from '../../contract/capability.ts'
import type { Flight } from './context.ts'
import { idempotencyKeyOf, ifMatchOf } from './headers.ts'
import { SurfaceError } from './problems.ts'
import type { Authenticated, Surface } from './surface.ts'

declare module 'fastify' {
  interface FastifyRequest {
    flight: Flight | undefined
  }
}

type Done = (error?: Error) => void

/** Runs before a byte of the body is read: overload, who asks, may they, how often, and the headers of the capability. */
export function gateOf(surface: Surface, capability: Capability) {
  const slot = surface.metrics.register(capability.name)
  const admit = (flight: Flight, found: Authenticated): void => {
    flight.principal = admitted(surface, capability, found)
    if (capability.kind === 'write' && capability.keyless === undefined)
      flight.idempotencyKey = idempotencyKeyOf(flight.headers['idempotency-key'])
    if (capability.versioned === true) flight.ifMatch = ifMatchOf(flight.request.headers['if-match'])
  }
  return (request: FastifyRequest, reply: FastifyReply, done: Done): void => {
    const flight = surface.begin(request, reply, slot)
    request.flight = flight
    if (capability.streaming === undefined) flight.replyBefore = reply
    const fail = (error: unknown): void => surface.sendThrown(reply, flight, error)
    try {
      if (surface.flights.size > surface.limits.requestsInFlightMax && capability.streaming !== 'sse') {
        throw new SurfaceError(
          'overloaded',
          {
            en: `${surface.limits.requestsInFlightMax} requests are in flight`,
            zh: `正在处理 ${surface.limits.requestsInFlightMax} 个请求`,
          },
          { retryAfterSeconds: 1 },
        )
      }
      if (request.url.includes('%00'))
        throw new SurfaceError('request_invalid', { en: 'the address has the character U+0000', zh: '地址中含有字符 U+0000' })
      const found = surface.deps.authenticate(request)
      if (found instanceof Promise) {
        found.then((principal) => admit(flight, principal)).then(() => done(), fail)
        return
      }
      admit(flight, found)
    } catch (error) {
      fail(error)
      return
    }
    done()
  }
}

function admitted(surface: Surface, capability: Capability, found: Authenticated): Flight['principal'] {
  const principal = found === undefined || 'status' in found ? undefined : found
  if (capability.permission === 'public') return principal
  if (found === undefined)
    throw new SurfaceError(
      'credential_missing',
      { en: 'send a credential', zh: '请提供凭证' },
      { expected: 'Authorization: Bearer <key>, or a session' },
    )
  if ('status' in found) throw new SurfaceError('credential_invalid', found.detail, { expected: 'a valid credential' })
  if (capability.permission !== 'signedIn' && !found.permissions.has(capability.permission)) {
    throw new SurfaceError(
      'permission_missing',
      {
        en: `${capability.name} needs the permission ${capability.permission}`,
        zh: `${capability.name} 需要权限 ${capability.permission}`,
      },
      { expected: capability.permission },
    )
  }
  if (capability.streaming !== 'ndjson') {
    const seconds = surface.rates.take(found.credentialId, performance.now())
    if (seconds !== undefined) {
      throw new SurfaceError(
        'rate_limited',
        {
          en: `this credential may send ${surface.limits.requestsPerSecondMax} requests a second`,
          zh: `此凭证每秒最多发送 ${surface.limits.requestsPerSecondMax} 个请求`,
        },
        { retryAfterSeconds: seconds },
      )
    }
  }
  return found
}
