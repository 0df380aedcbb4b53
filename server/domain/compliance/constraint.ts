/** When a constraint counts: by where the node is, seen from the destination. */
export type When = 'always' | 'crossBorder' | 'domestic'

/**
 * What a rule demands of the node or service that ships a line. `never` = no such node at all: a demand on the order was not met,
 * so the line may not cross the border (or, with domestic, must).
 */
export type Constraint = {
  readonly ruleId: string
  readonly when: When
  /** review: when no plan fits otherwise, the order may be planned without it and waits for a person. */
  readonly action: 'refuse' | 'review'
  readonly never?: true
  readonly nodeCapability?: string
  readonly serviceCapability?: string
  readonly originCountries?: readonly string[]
}

/** A node as constraints see it; without a list of capabilities it can do everything. */
export type ConstrainedNode = { readonly countryCode: string; readonly capabilities?: readonly string[] | undefined }

const counts = (when: When, nodeCountry: string, destination: string): boolean =>
  when === 'always' || (when === 'crossBorder') === (nodeCountry !== destination)

const has = (capabilities: readonly string[] | undefined, wanted: string | undefined): boolean =>
  wanted === undefined || capabilities === undefined || capabilities.includes(wanted)

/** The first rule that keeps a node from shipping a line to the destination country, or undefined where it may. */
export function ruleAgainstNode(constraints: readonly Constraint[], node: ConstrainedNode, destination: string): string | undefined {
  for (const one of constraints) {
    if (!counts(one.when, node.countryCode, destination)) continue
    if (one.never || !has(node.capabilities, one.nodeCapability)) return one.ruleId
    if (one.originCountries !== undefined && !one.originCountries.includes(node.countryCode)) return one.ruleId
  }
  return undefined
}

/** The first rule that keeps a carrier's service from carrying a line from the node's country, or undefined where it may. */
export function ruleAgainstService(
  constraints: readonly Constraint[],
  service: { readonly capabilities?: readonly string[] | undefined },
  nodeCountry: string,
  destination: string,
): string | undefined {
  for (const one of constraints) {
    if (counts(one.when, nodeCountry, destination) && !has(service.capabilities, one.serviceCapability)) return one.ruleId
  }
  return undefined
}

/** The constraints that hold even for an order that waits for a person. */
export const hardConstraints = (constraints: readonly Constraint[]): readonly Constraint[] =>
  constraints.filter((one) => one.action === 'refuse')
