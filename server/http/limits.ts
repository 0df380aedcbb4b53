/** Bounds of the surface; every queue, body, line, stream and wait has one. */
export type Limits = {
  readonly bodyBytesMax: number
  readonly bulkBodyBytesMax: number
  readonly rawBodyBytesMax: number
  readonly bodyMsMax: number
  readonly lineBytesMax: number
  /** NDJSON lines read but not yet answered. */
  readonly linesInFlightMax: number
  readonly linesPerBatchMax: number
  /** A bulk sender that is silent for this long is cut. */
  readonly idleMsMax: number
  /** A socket on which nothing moves for this long is closed. */
  readonly silenceMsMax: number
  readonly headersMsMax: number
  readonly keepAliveMs: number
  readonly requestMsMax: number
  readonly requestsInFlightMax: number
  readonly connectionsMax: number
  /** Requests a second per credential, bursts of twice as many; 0 = no limit. */
  readonly requestsPerSecondMax: number
  readonly streamsMax: number
  readonly streamBufferBytesMax: number
  readonly heartbeatMs: number
  /** How often the credential of a live stream is looked at again. */
  readonly reauthenticateMs: number
  /** How long a stop waits for requests in flight. */
  readonly drainMsMax: number
}

export const defaultLimits: Limits = {
  bodyBytesMax: 1_048_576,
  bulkBodyBytesMax: 16 * 1_048_576,
  rawBodyBytesMax: 2 * 1_048_576,
  bodyMsMax: 15_000,
  lineBytesMax: 512 * 1024,
  linesInFlightMax: 2_000,
  linesPerBatchMax: 250,
  idleMsMax: 60_000,
  silenceMsMax: 120_000,
  headersMsMax: 10_000,
  keepAliveMs: 65_000,
  requestMsMax: 30_000,
  requestsInFlightMax: 5_000,
  connectionsMax: 10_000,
  requestsPerSecondMax: 0,
  streamsMax: 2_000,
  streamBufferBytesMax: 256 * 1024,
  heartbeatMs: 15_000,
  reauthenticateMs: 1_000,
  drainMsMax: 20_000,
}
