import type { EnvironmentReading, EnvironmentRules, EnvironmentUse } from '@/lib/providers/port';
import type { RemoteGateView } from './remote-gate';

/** What a provider's own environments ask for, and which of them a target's runs name. */
export interface RemoteRulesView extends EnvironmentReading {
  providerLabel: string;
  connectionName: string;
  /** The reader's own token there; null while they have none. */
  own: RemoteGateView['own'];
}

export interface RemoteRule {
  environment: string;
  /** `refused` = the run would be turned away there. */
  tone: 'asks' | 'refused' | 'unsure';
  sentence: string;
}

export interface Planned {
  ref: string;
  refKind: 'branch' | 'tag';
  inputs: Readonly<Record<string, string | number | boolean>>;
}

/** What a deployment would meet at the provider, worst first. */
export function remoteRules(view: RemoteRulesView, planned: Planned): RemoteRule[] {
  const names = new Set(view.uses.map((use) => nameOf(use, planned)).filter((name) => name !== ''));
  const found = [...names].flatMap((name) => rulesFor(view, name, planned));
  const unclear = view.uses.flatMap((use) => (use.kind === 'unclear' ? [use.text] : []));
  const unsure = unclear.map(
    (text): RemoteRule => ({
      environment: text,
      tone: 'unsure',
      sentence: `Which environment the run takes is decided while it runs (${text}), so what ${view.providerLabel} will ask for is not known before.`,
    }),
  );
  return [
    ...found.filter(({ tone }) => tone === 'refused'),
    ...found.filter(({ tone }) => tone !== 'refused'),
    ...unsure,
  ];
}

export function nameOf(use: EnvironmentUse, { inputs }: Planned): string {
  if (use.kind === 'named') return use.name;
  if (use.kind === 'unclear') return '';
  const given = Object.hasOwn(inputs, use.input) ? String(inputs[use.input]) : '';
  return given === '' ? (use.otherwise ?? '') : given;
}

function rulesFor(view: RemoteRulesView, name: string, planned: Planned): RemoteRule[] {
  if (view.notice !== null) return [];
  const rules = view.environments.find((each) => each.name.toLowerCase() === name.toLowerCase());
  return rules ? sentencesOf(rules, view.providerLabel, planned) : [];
}

function sentencesOf(rules: EnvironmentRules, label: string, planned: Planned): RemoteRule[] {
  const { name, reviewers, waitMinutes, apps } = rules;
  const asks = (sentence: string): RemoteRule => ({ environment: name, tone: 'asks', sentence });
  const people = reviewers.map((each) => (each.kind === 'team' ? `the team ${each.name}` : each.name)).join(' or ');
  const self = rules.preventSelfReview ? ' It lets nobody answer who started the run.' : '';
  return [
    ...refSentence(rules, label, planned),
    ...(people ? [asks(`${label} will also ask for approval of “${name}” by ${people}.${self}`)] : []),
    ...(waitMinutes > 0 ? [asks(`${label} waits ${waitMinutes} min before “${name}”.`)] : []),
    ...(apps.length > 0 ? [asks(`For “${name}”, ${label} also asks ${apps.join(', ')}.`)] : []),
  ];
}

function refSentence({ name, refs }: EnvironmentRules, label: string, { ref, refKind }: Planned): RemoteRule[] {
  if (refs.kind === 'any' || ref === '') return [];
  if (refs.kind === 'protected')
    return [
      {
        environment: name,
        tone: refKind === 'tag' ? 'refused' : 'unsure',
        sentence:
          refKind === 'tag'
            ? `“${name}” takes protected branches only: ${label} would refuse the tag ${ref} there.`
            : `“${name}” takes protected branches only. If ${ref} is not one, ${label} refuses it there.`,
      },
    ];
  if (refs.patterns.some((each) => each.type === refKind && globMatches(each.name, ref))) return [];
  const allowed = refs.patterns.map((each) => (each.type === 'tag' ? `the tag ${each.name}` : each.name)).join(', ');
  return [
    {
      environment: name,
      tone: 'refused',
      sentence: `“${name}” takes ${allowed ? `${allowed} only` : 'nothing now'}: ${label} would refuse the ${refKind} ${ref} there.`,
    },
  ];
}

/**
 * A shell pattern over a ref name: `*` and `?` stop at a slash, a double star with a slash behind it spans folders. Linear
 * in the product of both lengths whatever the pattern. Source: Ruby's File.fnmatch with FNM_PATHNAME
 */
export function globMatches(pattern: string, text: string): boolean {
  const parts = pattern.match(/\*\*\/|\*+|\?|[^*?]/g) ?? [];
  let ends = new Set([0]);
  for (const part of parts) {
    ends = step(part, text, ends);
    if (ends.size === 0) return false;
  }
  return ends.has(text.length);
}

/** Where a part of the pattern may end, given where it may begin. */
function step(part: string, text: string, begins: ReadonlySet<number>): Set<number> {
  if (part === '**/') return spanned(begins, text, (at, open) => open && text[at - 1] === '/', true);
  if (part.startsWith('*')) return spanned(begins, text, (at, open) => open && text[at - 1] !== '/', false);
  const fits = (at: number) => at < text.length && (part === '?' ? text[at] !== '/' : text[at] === part);
  return new Set([...begins].filter(fits).map((at) => at + 1));
}

/** Every begin is an end, and what `goesOn` says; `stays`: once begun, it may end at any later place. */
function spanned(
  begins: ReadonlySet<number>,
  text: string,
  goesOn: (at: number, open: boolean) => boolean,
  stays: boolean,
): Set<number> {
  const ends = new Set<number>();
  let open = false;
  for (let at = 0; at <= text.length; at++) {
    const ended: boolean = begins.has(at) || goesOn(at, open);
    if (ended) ends.add(at);
    open = ended || (stays && open);
  }
  return ends;
}

/** The rules of one environment in a few words each, for lists. */
export function ruleWords(rules: EnvironmentRules): string[] {
  const { reviewers, preventSelfReview, waitMinutes, refs, apps, adminsBypass } = rules;
  const people = reviewers.map((each) => (each.kind === 'team' ? `the team ${each.name}` : each.name)).join(' or ');
  const patterns = refs.kind === 'patterns' ? refs.patterns.map((each) => `${each.type} ${each.name}`).join(', ') : '';
  const words = [
    people ? `Asks ${people}${preventSelfReview ? ', but nobody who started the run' : ''}.` : '',
    waitMinutes > 0 ? `Waits ${waitMinutes} min.` : '',
    refs.kind === 'protected' ? 'Takes protected branches only.' : '',
    refs.kind === 'patterns' ? (patterns ? `Takes ${patterns} only.` : 'Takes no branch and no tag.') : '',
    apps.length > 0 ? `Also asks ${apps.join(', ')}.` : '',
  ].filter((each) => each !== '');
  if (words.length === 0) return ['Asks for nothing.'];
  return adminsBypass ? [...words, 'Administrators there may pass all of it.'] : words;
}
