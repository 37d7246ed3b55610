/** A sentence about what is live. */
export function sentence(live) {
  return `Version ${live.version} is live in ${live.environment}.`;
}
