/**
 * The one rule for a target's own label: it stands behind the name wherever there is one. It is what tells several targets of
 * a component in one environment apart; the only one there has none (`targets.label` in the schema).
 * "Production (Open VSX)".
 */
export function withLabel(name: string, label: string): string {
  return label ? `${name} (${label})` : name;
}

/** The same for a terminal, from slugs, as its commands take a target: "extension/production:Open VSX". */
export function targetInSlugs(component: string, environment: string, label: string): string {
  return `${component}/${environment}${label ? `:${label}` : ''}`;
}
