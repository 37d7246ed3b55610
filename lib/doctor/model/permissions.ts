import type { Needs } from '@/lib/providers/port';
import type { ConnectionFacts } from './facts';
import type { Finding, Mend } from './view';

/** What the credential lists too little for, of what is really done through the connection. */
export function permissionFindings(facts: ConnectionFacts): Finding[] {
  const { id, name, needs, targets, uses } = facts;
  const mend: Mend = { kind: 'check', label: 'Check again', to: id };
  const scopes = facts.state === 'ok' ? (facts.report?.scopes ?? []) : [];
  const findings: Finding[] = [];
  const asking = targets.filter((each) => each.asksChecks).map((each) => each.name);
  const checks = lacking(scopes, needs.checks);
  if (checks.length > 0 && asking.length > 0) {
    const sentence = `${asking.join(', ')}: the environment asks for the checks of a commit, and “${name}” may not read them, so they count as none. Grant ${checks.join(', ')}.`;
    findings.push({ code: 'permission_missing', severity: 'broken', sentence, mend });
  }
  const proposals = lacking(scopes, needs.proposals);
  if (proposals.length > 0 && uses > 0) {
    const sentence = `“${name}” cannot propose the files that a repository lacks (Set up). Grant ${proposals.join(', ')}, if you want that.`;
    findings.push({ code: 'permission_missing', severity: 'note', sentence, mend });
  }
  return findings;
}

/** Of the alternative that lacks least, what is not there; nothing where nothing is listed or nothing is asked for. */
function lacking(scopes: readonly string[], needs: Needs | undefined): string[] {
  if (!needs || scopes.length === 0) return [];
  const gaps = needs.map((all) => all.filter((each) => !scopes.includes(each)));
  return gaps.toSorted((a, b) => a.length - b.length)[0] ?? [];
}
