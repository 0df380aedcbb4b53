import type { Static, TObject, TSchema } from 'typebox'
import type { Permission } from './access.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Bilingual = { readonly en: string; readonly zh: string }
export type SuccessStatus = 200 | 201 | 202

/** A permission; `signedIn` = any credential; `public` = nobody needs to say who they are. */
export type Access = Permission | 'signedIn' | 'public'

/** Bulk write: the body is an array; each row is checked by itself and answered by itself. */
export type Rows = {
  readonly item: TSchema
  /** Fields that name a row; their values, joined by `/`, are the row's `key` in the answer. */
  readonly key: readonly string[]
}

/** One thing the hub can do. Its route, OpenAPI entry, client method, permission check and meter come from this. */
export type Capability = {
  /** `<noun>.<verb>`, unique; also the OpenAPI operationId. */
  readonly name: string
  readonly method: Method
  /** `{param}` marks a path parameter, which `params` must describe. */
  readonly path: `/${string}`
  readonly kind: 'read' | 'write'
  readonly permission: Access
  readonly summary: Bilingual
  readonly description?: Bilingual
  readonly params?: TObject
  readonly query?: TObject
  /** Schema of a JSON body, or of one line where `streaming` is ndjson. */
  readonly body?: TSchema
  readonly rows?: Rows
  /** The body is kept byte for byte, whatever its content type (signed by its sender). */
  readonly rawBody?: true
  /** Why a write takes no `Idempotency-Key`; all others do. */
  readonly keyless?: Bilingual
  /** Takes `If-Match` with the version the caller has seen. */
  readonly versioned?: true
  /** Schema by success status; of one line or one event where it streams. */
  readonly output: { readonly [S in SuccessStatus]?: TSchema }
  /** Content type of the answer where it is not JSON. */
  readonly produces?: 'text/plain' | 'text/html'
  /** Refusals of its own, beside those every route may give. */
  readonly outcomes: readonly string[]
  readonly streaming?: 'ndjson' | 'sse'
  /** The 99th percentile its callers may count on, ms. */
  readonly slaMs: number
  /** Meter units a call (a row, a line) costs; 1 when left out. */
  readonly price?: number
}

/** Checks that path and params agree; returns the definition with its literal types. */
export function defineCapability<const C extends Capability>(capability: C): C {
  const inPath = [...capability.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
  const described = Object.keys(capability.params?.properties ?? {})
  if (inPath.length !== described.length || inPath.some((name) => name === undefined || !described.includes(name))) {
    throw new Error(
      `capability ${capability.name}: the path has {${inPath.join('}, {')}}, params describe ${described.join(', ') || 'none'}`,
    )
  }
  return capability
}

type StaticOf<S> = S extends TSchema ? Static<S> : undefined

/** What a handler of the capability is given, and what a client sends. */
export type InputOf<C extends Capability> = {
  readonly params: StaticOf<C['params']>
  readonly query: StaticOf<C['query']>
  readonly body: C['rows'] extends Rows
    ? readonly Static<C['rows']['item']>[]
    : C['rawBody'] extends true
      ? Uint8Array
      : StaticOf<C['body']>
}
/** What it answers when it succeeds. */
export type OutputOf<C extends Capability> = { [S in keyof C['output']]: StaticOf<C['output'][S]> }[keyof C['output']]
