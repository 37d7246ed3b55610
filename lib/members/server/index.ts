export { disableMember, enableMember } from './disable';
export { setGrants } from './grants';
export { acceptInvitation, inviteMember, renewInvitation } from './invite';
export { listMembers } from './list';
export { proveIdentity } from './prove';
export { listOwnSessions, revokeMemberSessions, revokeOwnSession } from './sessions';
