import { authorityFindings } from './authorities';
import { credentialFindings } from './credential';
import type { ConnectionFacts, SubscriptionFacts, TargetFacts } from './facts';
import { permissionFindings } from './permissions';
import { planFindings } from './plan';
import { quotaFindings, webhookFindings } from './traffic';
import { type Finding, SEVERITIES } from './view';

/** Everything that is wrong with a connection and what goes through it, worst first. `now` is ISO 8601 in UTC. */
export function findingsOf(facts: ConnectionFacts, now: string): Finding[] {
  if (!facts.provider.known) return [providerUnknown(facts)];
  return worstFirst([
    ...credentialFindings(facts, now),
    ...authorityFindings(facts, now),
    ...permissionFindings(facts),
    ...facts.targets.flatMap(targetFindings),
    ...unreadFindings(facts),
    ...planFindings(facts),
    ...quotaFindings(facts, now),
    ...webhookFindings(facts, now),
  ]);
}

function worstFirst(findings: Finding[]): Finding[] {
  return findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

function providerUnknown({ id, name, provider }: ConnectionFacts): Finding {
  return {
    code: 'provider_unknown',
    severity: 'broken',
    sentence: `This version of the console does not know the provider of “${name}” (${provider.id}). Bring every instance to the newest version, or remove the connection.`,
    mend: { kind: 'link', label: 'Open the connection', to: `/connections/${id}` },
  };
}

/** What others wrote does not always end as a sentence does. */
function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Stored knowledge only: whether a workflow can be read now is asked where it is opened. */
function targetFindings(target: TargetFacts): Finding[] {
  const findings: Finding[] = [];
  if (target.settingsProblem)
    findings.push({
      code: 'target_settings',
      severity: 'broken',
      sentence: `The settings of ${target.name} do not fit the provider any more: ${ended(target.settingsProblem)}`,
      mend: { kind: 'link', label: 'Change the target', to: `/estate/targets/${target.id}` },
    });
  if (target.refused)
    findings.push({
      code: target.refused.byPlan ? 'plan_lacks' : 'target_refused',
      severity: 'broken',
      sentence: `The last deployment of ${target.name} (#${target.refused.number}) ended before it began: ${ended(target.refused.sentence)}`,
      mend: { kind: 'link', label: 'Open the form again', to: `/deploy/${target.id}` },
    });
  findings.push(...settingFindings(target));
  if (target.unseen)
    findings.push({
      code: 'target_unseen',
      severity: 'warning',
      sentence: `What is live on ${target.name} could not be found out: ${ended(target.unseen)}`,
      mend: { kind: 'link', label: 'Change the target', to: `/estate/targets/${target.id}` },
    });
  return findings;
}

function settingFindings({ name, missing, shared }: TargetFacts): Finding[] {
  const found = (
    code: string,
    at: NonNullable<TargetFacts['missing']>,
    says: (it: string, seen: string) => string,
  ): Finding[] => {
    const { names, environment, readAt, because } = at;
    if (names.length === 0) return [];
    const mend = {
      kind: 'link',
      label: 'Open the configuration',
      to: `/environments/${environment}/configuration`,
    } as const;
    const seen = `the last look (${readAt.slice(0, 10)}) found ${names.length === 1 ? 'it' : 'them'}`;
    const sentence = [says(namesOf(names), seen), ...because].join(' ');
    return [{ code, severity: 'broken', sentence, mend }];
  };
  return [
    ...(missing
      ? found(
          'settings_missing',
          missing,
          (them, seen) => `${name} is deployed with ${them}, and ${seen} in none of its places.`,
        )
      : []),
    ...(shared
      ? found(
          'settings_shared',
          shared,
          (them, seen) =>
            `${name} is deployed to what ${them} names, and ${seen} where several environments share it: they would be one, so its workflow refuses that. Write it for each environment, then remove the shared one.`,
        )
      : []),
  ];
}

/** Silence is no proof that nothing is missing. One for each reason; a credential that is refused says it for all. */
function unreadFindings({ state, hasCredential, targets }: ConnectionFacts): Finding[] {
  if (state === 'failing' || !hasCredential) return [];
  const unread = targets.flatMap(({ name, unread }) => (unread ? [{ name, ...unread }] : []));
  return [...Map.groupBy(unread, ({ sentence }) => sentence)].map(([sentence, about]) => ({
    code: 'settings_unread',
    severity: 'warning',
    sentence: `Whether ${namesOf(about.map(({ name }) => name))} ${about.length === 1 ? 'lacks' : 'lack'} a secret or variable is not known: ${ended(sentence ?? notLookedAt(about))}`,
    mend: { kind: 'link', label: 'Open the configuration', to: `/environments/${about[0]?.environment}/configuration` },
  }));
}

/** Why is not known: no quota left over, or no worker that runs. A credential that was there for too short a time is no reason. */
function notLookedAt(about: readonly { readAt: string | null }[]): string {
  const [first] = about.map(({ readAt }) => readAt).sort();
  return `the background has not looked ${first ? `since ${first.slice(0, 10)}` : 'so far'}. Opening the page looks at once`;
}

function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** Those that somebody switched off are meant to be silent. */
export function subscriptionFindings(subscriptions: readonly SubscriptionFacts[]): Finding[] {
  return subscriptions
    .filter((each) => each.enabled && (each.dead > 0 || each.trouble !== null))
    .map(({ id, name, dead, trouble }) => ({
      code: 'subscription_failing',
      severity: dead > 0 ? 'broken' : 'warning',
      sentence:
        dead > 0
          ? `“${name}” was not told ${dead} thing${dead === 1 ? '' : 's'} in the last 24 hours: ${ended(trouble ?? 'every try failed')}`
          : `The last message to “${name}” did not arrive yet: ${ended(trouble ?? 'no reason is known')}`,
      mend: { kind: 'link', label: 'See what was answered', to: `/subscriptions/${id}` },
    }));
}
