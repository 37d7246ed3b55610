'use server';

import { verifyAuditCommand } from '@/lib/audit/commands';
import { defineAction } from '@/lib/pipeline/define-action';

export const verifyAuditAction = defineAction(verifyAuditCommand);
