import * as command from '@/lib/deployments/commands';
import * as query from '@/lib/deployments/queries';
import { type ApiRoute, change, file, read } from '../route';

const one = '/deployments/{deploymentId}';
const target = '/targets/{targetId}';

export const DEPLOYMENT_ROUTES: readonly ApiRoute[] = [
  read('/now', query.nowQuery, 'Now', 'What is going on: in flight, waiting for somebody, held, and the last results.'),
  read(
    '/waiting',
    query.waitingQuery,
    'Waiting',
    'How many approvals and decisions wait for the caller; how many holds.',
  ),
  read('/matrix', query.matrixQuery, 'Matrix', 'What runs where: components by environments.'),
  read('/components/{slug}', query.componentQuery, 'ComponentBoard', 'One component in all its environments.'),
  read(
    '/deployments',
    query.deploymentListQuery,
    'DeploymentPage',
    'Deployments, newest first; `q=#12` finds number 12.',
  ),
  change('POST /deployments', command.triggerCommand, 'Triggered', 'Deploy a revision to a target.', {
    status: 201,
    key: 'own',
  }),
  read(
    one,
    query.deploymentQuery,
    'DeploymentDetail',
    'One deployment with steps, timeline, gates and what may be done.',
  ),
  read(
    `${one}/reasons`,
    query.reasonsQuery,
    'DeploymentReasons',
    'Why it waits or ended badly, as the provider tells it now.',
  ),
  read(
    `${one}/failure`,
    query.failureQuery,
    'DeploymentFailure',
    'Is it us? What it failed with, the same failure elsewhere, and what its provider said then.',
  ),
  read(
    `${one}/gate`,
    query.remoteGateQuery,
    'RemoteGate',
    'Before what its provider holds the run for people, as last seen; answered in the console, with one’s own token.',
  ),
  read(`${one}/approval`, query.approvalPacketQuery, 'ApprovalPacket', 'What somebody who approves has to see.'),
  file(
    `${one}/logs`,
    query.allLogsQuery,
    ['text/plain'],
    'The logs of all its jobs, one after the other, as far as they are there.',
  ),
  file(
    `${one}/screenshot`,
    query.screenshotQuery,
    ['image/png', 'image/jpeg', 'image/webp'],
    'The picture that its host took of it, where it takes one.',
  ),
  read(`${one}/preview`, query.previewQuery, 'Preview', 'Where its host shows its build; null where it has none.'),
  read(`${one}/logs/{jobId}`, query.logQuery, 'Log', 'The log of one job; read on from `cursor`.'),
  change(`POST ${one}/cancel`, command.cancelCommand, 'Status', 'Cancel it.'),
  change(
    `POST ${one}/stop-waiting`,
    command.stopWaitingCommand,
    'Status',
    'Wait no longer for the check whether it is live (it ends as failed), or for what goes on overlong and does not stop or cannot be cancelled (timed out); the provider hears nothing of it.',
  ),
  change(`POST ${one}/retry`, command.retryCommand, 'Triggered', 'Re-run its failed jobs, as a new deployment.', {
    status: 201,
    key: 'required',
  }),
  change(`POST ${one}/redeploy`, command.redeployCommand, 'Triggered', 'The same once more, as a new deployment.', {
    status: 201,
    key: 'own',
  }),
  change(`POST ${one}/resolve`, command.resolveCommand, 'Settled', 'Decide about a start whose outcome is unknown.'),
  change(`POST ${one}/approve`, command.approveCommand, 'Approved', 'Approve what the digest stands for.'),
  change(`POST ${one}/reject`, command.rejectCommand, 'Status', 'Reject it; it ends.'),
  change(`POST ${one}/override-freeze`, command.overrideFreezeCommand, 'Overridden', 'Let this one through a freeze.'),
  change(`POST ${one}/tick`, command.tickCommand, 'Ticked', 'Tick items of the checklist while it waits.'),
  change(
    `POST ${one}/cancel-late-run`,
    command.cancelLateRunCommand,
    'CancelAsked',
    'Have the provider stop a run that appeared after it had ended.',
  ),
  change(
    `POST ${one}/serve-held`,
    command.serveHeldCommand,
    'CancelAsked',
    'Have its host put it live that has built it and keeps it back.',
  ),
  read(`${target}/composer`, query.composerStartQuery, 'Composer', 'What a deployment to this target starts from.'),
  read(`${target}/revisions`, query.revisionsQuery, 'RevisionList', 'Branches, tags and commits that match.'),
  read(`${target}/commits`, query.commitsQuery, 'CommitList', 'Commits of a ref, newest first.'),
  read(`${target}/images`, query.imagesQuery, 'Images', 'Container images that can be deployed there, by digest.'),
  read(`${target}/plan`, query.planQuery, 'Plan', 'What deploying a ref would do: commits, inputs, gates.'),
  read(
    `${target}/rules`,
    query.remoteRulesQuery,
    'RemoteRules',
    'What the environments of the provider ask for, and which of them a ref’s workflow names.',
  ),
  read(
    `${target}/hosting`,
    query.hostingQuery,
    'Hosting',
    'How its host serves it now; null where its provider is no host.',
  ),
  read(
    `${target}/promotion`,
    query.promotionPlanQuery,
    'PromotionPlan',
    'What serving a build here that went live elsewhere would do, before it is done.',
  ),
  change(
    `POST ${target}/promote`,
    command.promoteCommand,
    'Triggered',
    'Serve a build that went live elsewhere, as it is: nothing is built.',
    { status: 201, key: 'own' },
  ),
  read(`${target}/roll-back`, query.rollBackPlanQuery, 'RollBackPlan', 'What a roll-back would do, before it is done.'),
  change(`POST ${target}/roll-back`, command.rollBackCommand, 'Triggered', 'Go back to an earlier success, and hold.', {
    status: 201,
    key: 'own',
  }),
];
