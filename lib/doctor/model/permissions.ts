import { lacking } from '@/lib/connections/model/lacking';
import type { ConnectionFacts } from './facts';
import type { Finding, Mend } from './view';

/** What the credential lists too little for, of what is really done through the connection. */
export function permissionFindings(facts: ConnectionFacts): Finding[] {
  const { id, name, needs, targets, uses } = facts;
  const mend: Mend = { kind: 'check', label: 'Check again', to: id };
  const scopes = facts.state === 'ok' ? (facts.report?.scopes ?? []) : [];
  const found = (severity: Finding['severity'], sentence: string): Finding => ({
    ...{ code: 'permission_missing', severity, sentence, mend },
  });
  const findings: Finding[] = [];
  const asking = targets.filter((each) => each.asksChecks);
  const checks = lacking(scopes, needs.checks);
  if (checks.length > 0 && asking.length > 0) {
    const sentence = `${named(asking)}: the environment asks for the checks of a commit, and “${name}” may not read them, so they count as none. Grant ${checks.join(', ')}.`;
    findings.push(found('broken', sentence));
  }
  findings.push(...tellingFindings(facts, scopes).map((sentence) => found('warning', sentence)));
  findings.push(...checksInPlace(facts));
  const sites = targets.filter((each) => each.isSite);
  const pages = lacking(scopes, needs.sites);
  if (pages.length > 0 && sites.length > 0) {
    const sentence = `${named(sites)}: “${name}” may not read how the site is served, so its page says nothing and a burned head is not recognised. Grant ${pages.join(', ')}.`;
    findings.push(found('warning', sentence));
  }
  const proposals = lacking(scopes, needs.proposals);
  if (proposals.length > 0 && uses > 0) {
    const sentence = `“${name}” cannot propose the files that a repository lacks (Set up). Grant ${proposals.join(', ')}, if you want that.`;
    findings.push(found('note', sentence));
  }
  return findings;
}

/** By what is listed, and by what was refused: some credentials list nothing. */
function tellingFindings({ name, needs, targets, provider }: ConnectionFacts, scopes: readonly string[]): string[] {
  const otherwise = 'or have it told less on the target’s page';
  const told = targets.filter((each) => each.telling !== 'nothing');
  const checked = targets.filter((each) => each.telling === 'record_and_check');
  // Where no credential of this kind may write checks, statuses stand in their place.
  const isInPlace = checked.length > 0 && needs.checkMarks === undefined && needs.marks !== undefined;
  const marked = targets.filter(
    (each) => each.telling === 'record_and_commit' || (isInPlace && checked.includes(each)),
  );
  const records = told.length > 0 ? lacking(scopes, needs.records) : [];
  const marks = marked.length > 0 ? lacking(scopes, needs.marks) : [];
  const checks = checked.length > 0 ? lacking(scopes, needs.checkMarks) : [];
  const sentences: string[] = [];
  if (records.length > 0)
    sentences.push(
      `${named(told)}: ${provider.label} is to show a record of each deployment, and “${name}” may make none. Grant ${records.join(', ')}, ${otherwise}.`,
    );
  if (marks.length > 0)
    sentences.push(
      `${named(marked)}: a status at the commit is asked for, and “${name}” may set none. Grant ${marks.join(', ')}, ${otherwise}.`,
    );
  if (checks.length > 0)
    sentences.push(
      `${named(checked)}: a check at the commit is asked for, and “${name}” may write none. Grant ${checks.join(', ')}, ${otherwise}.`,
    );
  if (sentences.length > 0) return sentences;
  return targets.flatMap(({ name: target, untold }) => (untold ? [`${target}: it could not be told. ${untold}`] : []));
}

function checksInPlace({ name, needs, targets }: ConnectionFacts): Finding[] {
  const checked = targets.filter((each) => each.telling === 'record_and_check');
  const [first] = checked;
  if (!first || needs.checkMarks !== undefined || needs.marks === undefined) return [];
  const sentence = `${named(checked)}: a check at the commit is asked for, and only an App may write one, so “${name}” sets a status in its place. Connect an App, or ask for the status on the target’s page.`;
  const mend: Mend = { kind: 'link', label: 'Open the target', to: `/estate/targets/${first.id}` };
  return [{ code: 'check_in_place', severity: 'note', sentence, mend }];
}

export function named(targets: readonly { name: string }[]): string {
  const names = targets.slice(0, 5).map((each) => each.name);
  return targets.length > 5 ? `${names.join(', ')} and ${targets.length - 5} more` : names.join(', ');
}
