const input = (name: string) => `on:
  workflow_dispatch:
    inputs:
      ${name}: { type: string, default: '' }
`;

/** The line that shows our marker in the name of a run. */
export function runNameSnippet(marker: string): string {
  return `run-name: Deploy \${{ inputs.${marker} }}\n`;
}

/** The input that takes our marker, and the line that shows it. */
export function markerSnippet(marker: string): string {
  return `${runNameSnippet(marker)}${input(marker)}`;
}

/** The input that takes the commit, and the checkout that uses it. */
export function shaSnippet(sha: string): string {
  return `${input(sha)}# and in every checkout of the jobs:
    steps:
      - uses: actions/checkout@v4
        with:
          ref: \${{ inputs.${sha} || github.sha }}
`;
}
