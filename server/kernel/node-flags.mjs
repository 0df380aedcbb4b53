/**
 * How Node runs the hub and everything of this project; plain JavaScript, because the entrance reads it on any Node.
 *
 * - Allocation sites decide nothing: V8 puts what such a site makes into the old space at once where much of it outlived small
 *   collections. What a batch of commands holds until its commit does, and in the old space it keeps all that it points to until the
 *   next full collection: a tenth of what an order allocates, and with it the p99 at 1,000 orders/s (docs/concepts/speed.md).
 * - Small collections come often and find little: what is in flight fits the cache.
 */
export const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--no-allocation-site-pretenuring', '--max-semi-space-size=16']
