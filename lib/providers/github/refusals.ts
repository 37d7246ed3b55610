import { ProviderError } from '../port';
import type { About } from './errors';
import { shorten } from './vendor-text';

/**
 * What GitHub says with 422, in our words. Matched on its texts because it sends no code.
 * Seen in public reports, e.g. https://github.com/cli/cli/issues/5246 and
 * https://github.com/benc-uk/workflow-dispatch/issues/72.
 */
const KNOWN: [RegExp, string, (found: RegExpMatchArray, about: About) => string][] = [
  [
    /does not have (?:a )?'?workflow_dispatch/i,
    'no_dispatch_trigger',
    (_, about) =>
      `The workflow ${about.subject} cannot be started by hand. Add “workflow_dispatch” under “on:” in its file and merge that.`,
  ],
  [
    /disabled workflow/i,
    'workflow_disabled',
    (_, about) =>
      `The workflow ${about.subject} is switched off at GitHub. Enable it on the repository’s Actions page, then deploy again.`,
  ],
  [
    /no ref found for:? (.+)/i,
    'no_ref',
    (found) => `There is no branch or tag ${shorten(found[1] ?? '')} any more. Choose another revision.`,
  ],
  [
    /unexpected inputs provided:? (.+)/i,
    'unexpected_inputs',
    (found) =>
      `The workflow at this revision has no input ${shorten(found[1] ?? '')}. Load the form again and deploy from it.`,
  ],
  [
    /required input '?([^' ]+)'? not provided/i,
    'missing_input',
    (found) => `The workflow demands the input “${shorten(found[1] ?? '')}”. Fill it in and deploy again.`,
  ],
  [
    /provided value .* for input '?([^' ]+)'? not in the list/i,
    'value_not_allowed',
    (found) => `The value of “${shorten(found[1] ?? '')}” is not one of the workflow’s options. Choose one of them.`,
  ],
  [
    /(inputs? (?:are|is) too large|too large|exceed.*65)/i,
    'inputs_too_large',
    () => 'The inputs together are too large for GitHub (65,535 characters). Shorten them.',
  ],
  [
    /(maximum|more than|at most|up to|too many).*inputs?/i,
    'too_many_inputs',
    () => 'The workflow declares more inputs than GitHub accepts (25). Remove some from its file.',
  ],
  [
    /failed to parse workflow/i,
    'workflow_unreadable',
    (_, about) =>
      `GitHub cannot read the workflow ${about.subject} at this revision. Mend its file, then choose the revision again.`,
  ],
  [
    /tag_name already_exists/i,
    'release_exists',
    (_, { subject }) =>
      `There is a release ${shorten(subject)} already. Choose another version, or change that one there.`,
  ],
  [
    /immutable/i,
    'immutable_release',
    (_, { subject }) =>
      `GitHub keeps the release or the tag ${shorten(subject)} as it is: it is immutable. Choose another version.`,
  ],
  [
    /rule violations?|protected tag|creations? (?:being )?restricted/i,
    'protected_tag',
    (_, { subject }) =>
      `A rule of the repository does not let this connection make the tag ${shorten(subject)}. Change the rule under Settings → Rules, or let somebody make the tag who may.`,
  ],
];

export function refusal422(message: string, about: About): ProviderError {
  for (const [pattern, code, sentence] of KNOWN) {
    const found = message.match(pattern);
    if (found) return new ProviderError('rejected', code, sentence(found, about));
  }
  return new ProviderError('rejected', 'refused', `GitHub did not accept this: ${shorten(message)}`);
}
