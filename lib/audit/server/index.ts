export { type ExportedFile, exportAudit } from './export';
export { forgottenHeads } from './forgotten';
export { listAudit } from './list';
export { auditSigner } from './settings';
export { signHead } from './sign-head';
export { readAuditStatus } from './status';
export { verifyAudit } from './verify';
