import type { Role } from '@/lib/members/model/role';
import type { TokenScope } from '@/lib/members/model/token-scope';

/**
 * How far a role has to reach: `here` = the environment of the thing; `everywhere` = all environments; `anywhere` = some
 * environment (lists that leave out the rest, or things that have none); `self` = one's own; `anyone` = also signed out.
 */
export type Reach = 'here' | 'everywhere' | 'anywhere' | 'self' | 'anyone';

export interface WhoMay {
  roles: readonly Role[];
  reach: Reach;
  /** The scope that a token needs; null = no token may. */
  scope: TokenScope | 'any' | null;
  /** About what belongs to all environments: no token that is limited to some may, though a role in one of them will do. */
  whole?: true;
}

const may = (roles: readonly Role[], reach: Reach, scope: WhoMay['scope']): WhoMay => ({ roles, reach, scope });

const ALL = ['viewer', 'operator', 'approver', 'admin'] as const;
const ADMIN = ['admin'] as const;

const sees = may(ALL, 'here', 'read');
const seesLists = may(ALL, 'anywhere', 'read');
const releases = may(['operator', 'admin'], 'here', 'deploy');
const releasesSome = may(['operator', 'admin'], 'anywhere', 'deploy');
const releasesWhole: WhoMay = { ...releasesSome, whole: true };
const managesOwners: WhoMay = { ...may(['operator', 'admin'], 'anywhere', 'manage'), whole: true };
const decides = may(['approver'], 'here', 'approve');
const holds = may(['operator', 'approver', 'admin'], 'here', 'hold');
const audits = may(['approver', 'admin'], 'anywhere', 'audit');
const runsAll = may(ADMIN, 'everywhere', 'manage');
const runsHere = may(ADMIN, 'here', 'manage');
const runsSome = may(ADMIN, 'anywhere', 'manage');
/** Whom the console or a provider trusts: a person with a session only. */
const trusts = may(ADMIN, 'everywhere', null);
/** Words to everybody, about all of it. */
const announces = may(['operator', 'admin'], 'everywhere', 'manage');
const own = may([], 'self', null);
const open = may([], 'anyone', null);

/**
 * Who may what, written down by hand and on purpose not derived from lib/members/model/policy.ts: a change of the policy
 * has to be made twice, and a verb that nobody wrote down here fails the test.
 */
export const WHO_MAY: Record<string, WhoMay> = {
  'address.find': sees,
  'audit.export': audits,
  'audit.list': audits,
  'audit.status': audits,
  'audit.verify': may(['approver', 'admin'], 'everywhere', 'audit'),
  'component.create': runsAll,
  'component.get': seesLists,
  'component.new-head': runsAll,
  'component.set-site': runsAll,
  'component.set-up': runsAll,
  'component.setup': runsAll,
  'component.site': seesLists,
  'component.update': runsAll,
  'configuration.plan-remove': runsHere,
  'configuration.plan-set': runsHere,
  'configuration.read': sees,
  'configuration.remove': runsHere,
  'configuration.set': runsHere,
  'connection.budget': trusts,
  'connection.capacity': seesLists,
  'connection.create': trusts,
  'connection.deliveries': seesLists,
  'connection.doctor': seesLists,
  'connection.end-webhook-rotation': trusts,
  'connection.get': seesLists,
  'connection.list': seesLists,
  'connection.quota': seesLists,
  'connection.remove': trusts,
  'connection.replay-delivery': runsAll,
  'connection.repositories': runsSome,
  'connection.service-status': seesLists,
  'connection.set-authorities': trusts,
  'connection.set-credential': trusts,
  'connection.set-webhook-secret': trusts,
  'connection.update': trusts,
  'connection.verify': runsAll,
  'connection.workflows': runsSome,
  'deployment.answer-gate': may(['approver'], 'here', null),
  'console.metrics': may(ALL, 'everywhere', 'read'),
  'delivery.classify': releases,
  'delivery.dora': seesLists,
  'delivery.health': seesLists,
  'delivery.rows': seesLists,
  'delivery.undo': releases,
  'deployment.approval': sees,
  'deployment.approve': decides,
  'deployment.cancel': releases,
  'deployment.cancel-late-run': releases,
  'deployment.stop-waiting': releases,
  'deployment.failure': sees,
  'deployment.gate': sees,
  'deployment.get': sees,
  'deployment.verdict': sees,
  'deployment.list': seesLists,
  'deployment.log': sees,
  'deployment.logs': sees,
  'deployment.matrix': seesLists,
  'deployment.now': seesLists,
  'deployment.waiting': seesLists,
  'deployment.override-freeze': may(ADMIN, 'here', 'hold'),
  'deployment.promote': releases,
  'deployment.reasons': sees,
  'deployment.redeploy': releases,
  'deployment.reject': decides,
  'deployment.request': releases,
  'deployment.resolve': releases,
  'deployment.retry': releases,
  'deployment.rollback': releases,
  'deployment.screenshot': sees,
  'deployment.preview': sees,
  'deployment.serve-held': releases,
  'deployment.tick': releases,
  'environment.create': runsAll,
  'environment.update': runsAll,
  'estate.get': seesLists,
  'estate.progress': seesLists,
  'extension.collect': releases,
  'extension.credentials': seesLists,
  'extension.file': seesLists,
  'extension.get': seesLists,
  'extension.list': seesLists,
  'extension.namespace': { ...releases, whole: true },
  'extension.publications': seesLists,
  'extension.publish': may(['operator', 'admin'], 'anywhere', 'deploy'),
  'extension.publish-plan': seesLists,
  'extension.recall': releases,
  'extension.republish': may(['operator', 'admin'], 'anywhere', 'deploy'),
  // Operators ask, approvers agree where the environment's policy wants them to.
  'extension.unpublish': may(['operator', 'approver', 'admin'], 'here', null),
  // A package lies in no environment; publishing it asks anew.
  'extension.upload': may(['operator', 'admin'], 'anywhere', 'deploy'),
  'freeze.create': holds,
  // Lifting takes more than holding: who made a freeze may end it, and else an administrator.
  'freeze.end': may(ADMIN, 'here', 'hold'),
  'freeze.update': may(ADMIN, 'here', 'hold'),
  'hold.list': seesLists,
  // Of one's own namespace; the verb asks who owns it.
  'gallery.add-owner': managesOwners,
  'gallery.create-namespace': runsAll,
  'gallery.create-token': may(ALL, 'anywhere', null),
  'gallery.extension': seesLists,
  'gallery.list': seesLists,
  'gallery.namespaces': seesLists,
  'gallery.people': managesOwners,
  'gallery.remove-owner': managesOwners,
  'gallery.revoke-token': own,
  'gallery.set-keep': releasesWhole,
  'gallery.tokens': own,
  'gallery.unyank': releasesWhole,
  'gallery.yank': releasesWhole,
  'incident.change': announces,
  'incident.list': seesLists,
  'incident.open': announces,
  'incident.update': announces,
  'lock.create': holds,
  'maintenance.change': announces,
  'maintenance.end': announces,
  'maintenance.list': seesLists,
  'maintenance.plan': announces,
  'member.disable': trusts,
  'member.enable': trusts,
  'member.end-sessions': trusts,
  'member.invite': trusts,
  'member.join': open,
  'member.list': runsAll,
  'member.remember-invitation': open,
  'member.renew-link': trusts,
  'member.set-grants': trusts,
  'member.setup': open,
  'own-token.check': own,
  'own-token.list': own,
  'own-token.remove': own,
  'own-token.store': own,
  'pin.lift': may(['approver', 'admin'], 'here', 'hold'),
  'policy.get': sees,
  'policy.set': runsHere,
  'public-status.get': open,
  'release.create': runsAll,
  'release.list': seesLists,
  'release.notes': runsAll,
  'release.publish': runsAll,
  'release.tag': runsAll,
  'rendering.switch': releases,
  'rendering.list': seesLists,
  'rendering.preflight': sees,
  'rendering.preflights': seesLists,
  'session.end-own': own,
  'session.list-own': own,
  'session.prove': own,
  'session.sign-in': open,
  'session.whoami': may([], 'self', 'any'),
  'status.page': seesLists,
  'status.remove-subscriber': runsAll,
  'status.subscribe': open,
  'status.subscribers': runsAll,
  'status.unsubscribe': open,
  'status.wake-subscriber': runsAll,
  'subscription.create': runsAll,
  'subscription.ledger': runsAll,
  'subscription.list': runsAll,
  'subscription.redeliver': runsAll,
  'subscription.remove': runsAll,
  'subscription.switch': runsAll,
  'subscription.test': runsAll,
  'subscription.update': runsAll,
  'target.check': runsSome,
  'target.check_probe': runsSome,
  'target.set-health': runsHere,
  'target.set-runtime': runsHere,
  'target.health': runsHere,
  'target.commits': sees,
  'target.composer': sees,
  'target.create': runsHere,
  'target.look': sees,
  'target.plan': sees,
  'target.images': sees,
  'target.revisions': sees,
  'target.rules': sees,
  'target.hosting': sees,
  'target.promotion': sees,
  'target.roll-back': sees,
  'target.set-public': runsHere,
  'target.service-status': sees,
  'target.tell': runsHere,
  'target.update': runsHere,
  'target.vitals': sees,
  'token.create': own,
  'token.list': own,
  'token.revoke': own,
};
