import { verifyAuditCommand } from '@/lib/audit/commands';
import { auditExportQuery, auditListQuery, auditStatusQuery } from '@/lib/audit/queries';
import { setUpCommand } from '@/lib/blueprints/commands';
import { setupQuery } from '@/lib/blueprints/queries';
import { newHeadCommand, setSiteCommand } from '@/lib/docs-sites/commands';
import { siteQuery } from '@/lib/docs-sites/queries';
import * as gate from '@/lib/gates/commands';
import { holdsQuery, policyQuery } from '@/lib/gates/queries';
import { memberListQuery } from '@/lib/members/queries';
import { setPublicCommand } from '@/lib/public-status/commands';
import { lookCommand } from '@/lib/sightings/commands';
import * as estate from '@/lib/targets/commands';
import { estateProgressQuery, estateQuery, probeCheckQuery, targetCheckQuery } from '@/lib/targets/queries';
import { callerQuery } from '@/lib/tokens/queries';
import { type ApiRoute, change, file, read } from '../route';

const made = { status: 201 } as const;

export const HOLD_ROUTES: readonly ApiRoute[] = [
  read(
    '/holds',
    holdsQuery,
    'Holds',
    'Locks, roll-backs that hold, freezes, and what does not go live because of them.',
  ),
  change('POST /locks', gate.lockCommand, 'Locked', 'Lock everything, an environment, a component or a target.', made),
  change('POST /pins/{pinId}/lift', gate.liftPinCommand, 'Lifted', 'Lift a lock or the hold of a roll-back.'),
  change('POST /freezes', gate.freezeCommand, 'FreezeRef', 'Plan a freeze, once or again and again.', made),
  change(
    'PUT /freezes/{freezeId}',
    gate.updateFreezeCommand,
    'FreezeRef',
    'Change a freeze; `version` is the one read.',
    {
      rename: { freezeId: 'id' },
    },
  ),
  change('POST /freezes/{freezeId}/end', gate.endFreezeCommand, 'Ended', 'End a freeze for good.'),
  read(
    '/environments/{environmentId}/policy',
    policyQuery,
    'Policy',
    'What has to hold before anything goes live there.',
  ),
  change('PUT /environments/{environmentId}/policy', estate.setPolicyCommand, 'PolicyVersion', 'Change it.'),
];

export const ESTATE_ROUTES: readonly ApiRoute[] = [
  read('/estate', estateQuery, 'Estate', 'Components, environments and targets, with what the caller may change.'),
  read('/estate/progress', estateProgressQuery, 'EstateProgress', 'How far the set-up of this installation has come.'),
  change('POST /estate/components', estate.createComponentCommand, 'Created', 'Add a component.', made),
  change('PUT /estate/components/{id}', estate.updateComponentCommand, null, 'Change a component.'),
  change('POST /estate/environments', estate.createEnvironmentCommand, 'Created', 'Add an environment.', made),
  change('PUT /estate/environments/{id}', estate.updateEnvironmentCommand, null, 'Change an environment.'),
  change('POST /estate/targets', estate.createTargetCommand, 'Created', 'Bind a component to an environment.', made),
  change(
    'PUT /estate/targets/{id}',
    estate.updateTargetCommand,
    'TargetSaved',
    'Change a target; `version` is the one read. A repository that was renamed is renamed in the others that name it.',
  ),
  change(
    'PUT /targets/{targetId}/public',
    setPublicCommand,
    null,
    'Whether everybody may see what is live on this target; see docs/static-site.md.',
  ),
  read(
    '/components/{slug}/setup',
    setupQuery,
    'Setup',
    'The files that its repository should have, and what it has: missing, older, edited, or not ours, each with its diff.',
  ),
  change(
    'POST /components/{slug}/setup',
    setUpCommand,
    'Proposed',
    'Propose the chosen files; `shown` is the digest of what was read.',
    made,
  ),
  read('/components/{slug}/site', siteQuery, 'Site', 'How its repository is served, and the versions on its branch.'),
  change('PUT /components/{slug}/site', setSiteCommand, 'SiteSettings', 'Set who builds it; `shown` is what was read.'),
  change(
    'POST /deployments/{deploymentId}/new-head',
    newHeadCommand,
    'Proposed',
    'Propose an empty commit, so that a burned head is left behind.',
  ),
  read(
    '/targets/check',
    targetCheckQuery,
    'TargetCheck',
    'What the provider says about settings, before they are kept.',
  ),
  change('POST /targets/{targetId}/look', lookCommand, 'Look', 'Look at what is live there now.'),
  read('/targets/check-probe', probeCheckQuery, 'ProbeCheck', 'What a version address answers, before it is kept.'),
];

/** Members are changed in the console only: see lib/members/model/token-scope.ts. */
export const PEOPLE_ROUTES: readonly ApiRoute[] = [
  read('/me', callerQuery, 'Caller', 'Who asks, and what they may.'),
  read('/members', memberListQuery, 'MemberList', 'Everybody who can sign in, with their roles.'),
  read('/audit', auditListQuery, 'AuditPage', 'The audit log, newest first, filtered.'),
  change('POST /audit/verify', verifyAuditCommand, 'AuditVerdict', 'Check the chain, the heads and the anchor.'),
  read('/audit/status', auditStatusQuery, 'AuditStatus', 'How far the log is chained, signed and anchored.'),
  file('/audit/export', auditExportQuery, ['text/csv', 'application/x-ndjson'], 'The filtered log as CSV or JSON.'),
];
