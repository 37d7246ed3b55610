import type { z } from 'zod';
import { blueprintSettings } from './settings';
import { fieldsOf } from './settings-fields';

type Issue = z.core.$ZodIssue;

/**
 * What is wrong with settings: a sentence by the path of its field, and under `''` what belongs to no field. Empty when
 * they can be used.
 */
export function settingsProblems(settings: unknown): Record<string, string> {
  const parsed = blueprintSettings.safeParse(settings, { error: sentenceOf });
  const problems: Record<string, string> = {};
  for (const issue of parsed.error?.issues ?? []) {
    problems[fieldAt(settings, issue.path.map(String).join('.'))] ??= messageOf(issue);
  }
  return problems;
}

/** The field that an issue belongs to: its own, that of the list it is in, or the first of the part that is missing. */
function fieldAt(settings: unknown, path: string): string {
  const kind = typeof settings === 'object' && settings !== null && 'kind' in settings ? String(settings.kind) : '';
  const paths = fieldsOf(kind)
    .filter(({ as }) => as !== 'fixed')
    .map((field) => field.path);
  return (
    paths.find((each) => each === path) ??
    paths.find((each) => path.startsWith(`${each}.`)) ??
    (path && paths.find((each) => each.startsWith(`${path}.`))) ??
    ''
  );
}

/** The name of a pair is wrong: what is wrong with it is one level further in. */
function messageOf(issue: Issue): string {
  return (issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined) ?? issue.message;
}

/** For what the schema itself has no words. */
function sentenceOf(issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined || issue.input === '') return 'Fill this in.';
  switch (issue.code) {
    case 'invalid_value':
    case 'invalid_union':
      return 'Choose one of those that are offered.';
    case 'unrecognized_keys':
      return `There is no setting called “${issue.keys.join('”, “')}”.`;
    case 'too_small':
      return issue.origin === 'array' ? 'Choose at least one.' : `At least ${issue.minimum}.`;
    case 'too_big':
      return `At most ${issue.maximum}${UNITS[issue.origin] ?? ''}.`;
    case 'invalid_type':
      return EXPECTED[issue.expected] ?? 'This does not fit here.';
    default:
      return 'This does not fit here.';
  }
}

const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };
const EXPECTED: Readonly<Record<string, string>> = {
  number: 'Write a whole number.',
  int: 'Write a whole number.',
  boolean: 'Say true or false.',
  string: 'Write a text.',
  array: 'Write a list.',
};
