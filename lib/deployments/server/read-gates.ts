import 'server-only';
import { personId } from '@/lib/auth/actor';
import type { DbOrTx, ServiceContext } from '@/lib/auth/context';
import type { GateFacts } from '@/lib/gates/model/facts';
import type { GateView } from '@/lib/gates/model/gate';
import { gates } from '@/lib/gates/model/gates';
import { readPolicyOf } from '@/lib/gates/model/policy';
import type { ApprovalEntry } from '@/lib/gates/model/view';
import { type Approvals, readApprovals } from '@/lib/gates/server/approvals';
import type { DeploymentDetail } from '../model/view';
import { isHeld } from './gate';
import { iso } from './row-views';
import type { DeploymentRow } from './rows';

type ApprovalState = DeploymentDetail['approval'];

/** What was asked of people for one deployment, and what they said. Null where nobody is or was asked. */
export async function readApprovalState(
  db: DbOrTx,
  row: DeploymentRow,
  environmentSlug: string,
): Promise<{ state: ApprovalState; said: Approvals }> {
  const said = await readApprovals(db, row, environmentSlug);
  const required = readPolicyOf(row.policy)?.approvals ?? said.given;
  if (required === 0 && said.lines.length === 0) return { state: null, said };
  const open = row.status === 'awaiting_approval';
  return {
    said,
    state: {
      required,
      given: said.given,
      digest: open ? row.approvalDigest : null,
      expiresAt: open ? iso(row.deadlineAt) : null,
      entries: said.lines.map(toEntry),
    },
  };
}

function toEntry({ row, voided }: Approvals['lines'][number]): ApprovalEntry {
  return {
    by: { id: row.userId, name: row.userName },
    decision: row.decision,
    reason: row.reason,
    at: row.createdAt.toISOString(),
    voided,
  };
}

/** Whether the reader's own approval stands. */
export function hasApproved({ actor }: Pick<ServiceContext, 'actor'>, { lines }: Approvals): boolean {
  const me = personId(actor);
  return lines.some(({ row, voided }) => row.userId === me && row.decision === 'approve' && voided === null);
}

/** What keeps a run that stands before people at the provider, or a build that its host keeps back, from being let through. */
function heldGates(row: DeploymentRow, facts: GateFacts): GateView[] {
  const kinds: readonly string[] = ['lock', 'freeze'];
  return isHeld(row) ? gates(facts).filter(({ kind, state }) => kinds.includes(kind) && state !== 'open') : [];
}

/** What still stands between an unclaimed deployment and the provider; whoever asked for it was permitted then. */
export function ownGates(row: DeploymentRow, facts: GateFacts & { goesBack: boolean }, given: number): GateView[] {
  if (row.status !== 'queued' && row.status !== 'awaiting_approval') return heldGates(row, facts);
  const own = {
    ...facts,
    kind: facts.goesBack ? ('rollback' as const) : row.kind,
    sha: row.sha,
    ticked: row.checklist,
    approvals: { given },
  };
  return gates({ ...own, mayRequest: true }).filter((view) => view.kind !== 'permission');
}

export function checklistOf(row: DeploymentRow): DeploymentDetail['checklist'] {
  return (readPolicyOf(row.policy)?.checklist ?? []).map((item) => ({ item, ticked: row.checklist.includes(item) }));
}
