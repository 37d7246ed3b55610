/** What the published contract leaves out, with where it is documented instead. Keep it short. */
export interface Overlay {
  /** Statuses that any operation may answer with although the contract does not list them. */
  readonly generalStatuses: readonly number[];
  /** Operation → media types of a 200 whose body the contract does not describe. */
  readonly extraMedia: Readonly<Record<string, readonly string[]>>;
  /** Operation → statuses beyond those of the contract. */
  readonly extraStatuses: Readonly<Record<string, readonly number[]>>;
  /** Query parameters whose declared format is narrower than what is documented. */
  readonly freeParameters: readonly string[];
  /** Operation → violations that are the contract's own mistake. */
  readonly defects: Readonly<Record<string, RegExp>>;
  /** What every refusal of this vendor looks like, where the contract does not say it for each. */
  readonly isProblem?: (body: unknown) => boolean;
}

/**
 * - general statuses: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
 *   and https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 * - raw contents: https://docs.github.com/rest/repos/contents#get-repository-content (custom media types)
 * - a commit's bare id: https://docs.github.com/rest/commits/commits#get-a-commit (custom media types)
 * - `created` takes ranges such as `>=2026-01-01`, not only a date-time:
 *   https://docs.github.com/rest/actions/workflow-runs#list-workflow-runs-for-a-repository
 * - `apps/list-installations` demands an account that is user and enterprise at once (allOf); the schema
 *   `installation` of the same contract, which every other operation uses, says one or the other (anyOf)
 * - a variable that is there already: what GitHub's own client acts on, https://github.com/cli/cli (pkg/cmd/variable/set)
 * - a deployment record that is refused: the operation's own description shows the message that the answer carries
 *
 * `return_run_details` needs no entry: the contract has it since 23.0.0.
 */
export const githubOverlay: Overlay = {
  generalStatuses: [400, 401, 403, 404, 422, 429, 500, 502, 503],
  extraMedia: {
    'repos/get-content': ['application/vnd.github.raw+json'],
    'repos/get-commit': ['application/vnd.github.sha'],
  },
  extraStatuses: {
    'actions/force-cancel-workflow-run': [409],
    'actions/create-repo-variable': [409],
    'actions/create-environment-variable': [409],
  },
  freeParameters: ['created'],
  defects: {
    'apps/list-installations': /^200 body \/\d+\/account /,
    'repos/create-deployment': /^a (409|422) carries a body/,
    'repos/create-deployment-status': /^a 422 carries a body/,
  },
};
