import type { WorkflowAdvice } from '../port';
import { inputsUsedIn } from './expressions';
import type { WorkflowDocument } from './workflow-file';
import { markerSnippet, runNameSnippet, shaSnippet } from './workflow-snippets';

interface FormFacts {
  names: string[];
  marker: string | null;
  sha: string | null;
  findable: boolean;
}

/** What an operator should know about a workflow before relying on it. Never blocks a deployment. */
export function warningsFor(document: WorkflowDocument, facts: FormFacts): string[] {
  const missing = adviceFor(facts).filter((each) => !each.fine);
  return [
    ...missing.map((each) => each.sentence),
    ...injections(document, facts.names),
    ...unpinned(document),
    ...pagesOnce(document),
  ];
}

/** Whether a run can be found again and an older commit deployed, with the lines that make it so. */
export function adviceFor({ marker, sha, findable }: FormFacts): WorkflowAdvice[] {
  return [marker ? echo(marker, findable) : NO_MARKER, sha ? commits(sha) : NO_SHA];
}

const NO_MARKER: WorkflowAdvice = {
  fine: false,
  sentence:
    'The workflow has no “aetherstack” input, so a run whose start got lost on the way cannot be found again. Add it, and use it in “run-name:”.',
  snippet: markerSnippet('aetherstack'),
};

function echo(marker: string, findable: boolean): WorkflowAdvice {
  if (findable) {
    const sentence = `A run whose start got lost on the way is found again: “run-name:” shows the input “${marker}”.`;
    return { fine: true, sentence, snippet: null };
  }
  return {
    fine: false,
    sentence: `“run-name:” does not contain \${{ inputs.${marker} }}, so a run whose start got lost on the way cannot be found again.`,
    snippet: runNameSnippet(marker),
  };
}

const NO_SHA: WorkflowAdvice = {
  fine: false,
  sentence: 'The workflow has no “sha” input, so only the newest commit of a branch or tag can be deployed.',
  snippet: shaSnippet('sha'),
};

function commits(sha: string): WorkflowAdvice {
  const sentence = `Any commit of a branch can be deployed: the input “${sha}” takes it. Its checkout has to use it.`;
  return { fine: true, sentence, snippet: null };
}

/** An expression inside `run:` is pasted into the script before the shell sees it: a value can become a command. */
function injections(document: WorkflowDocument, names: string[]): string[] {
  const found = new Set<string>();
  for (const step of document.steps) {
    const used = inputsUsedIn(step.run);
    const name = names.find((each) => used.has(each));
    if (name)
      found.add(
        `The input “${name}” is pasted into a shell script of the job “${step.job}”: a crafted value could run commands. Pass it through “env:” instead.`,
      );
  }
  return [...found].slice(0, 5);
}

/**
 * The Pages action names its deployment after the head that the run was started on, and Pages keeps one result for each: another
 * one of the same head often reports what was there before. Source: https://github.com/actions/deploy-pages/issues/383
 */
function pagesOnce(document: WorkflowDocument): string[] {
  if (!document.steps.some((step) => /^actions\/deploy-pages@/.test(step.uses))) return [];
  return [
    'GitHub Pages names a deployment after the head of the branch: another one of the same head, also with an older “sha”, may succeed and change nothing, and one that was cancelled or failed may stay so. Push a commit first (an empty one will do), or publish by the branch gh-pages, where each publication is a commit.',
  ];
}

function unpinned(document: WorkflowDocument): string[] {
  const loose = document.steps
    .map((step) => step.uses)
    .filter((uses) => uses !== '' && !uses.startsWith('./') && !/@(?:[0-9a-f]{40}|sha256:[0-9a-f]{64})$/.test(uses));
  const distinct = [...new Set(loose)];
  if (distinct.length === 0) return [];
  const few = distinct.slice(0, 3).join(', ');
  const more = distinct.length > 3 ? ` and ${distinct.length - 3} more` : '';
  return [`Not pinned to a commit, so their content can change: ${few}${more}.`];
}
