import type { z } from 'zod';
import type { AnswerGate } from '@/components/gates/held-panel';
import type { approveInput, rejectInput } from '@/lib/gates/model/schemas';
import type { Action } from '@/lib/kernel/result';

/** The Server Actions of the approval page; the route hands them in. */
export interface ApprovalActions {
  approve: Action<z.input<typeof approveInput>, unknown>;
  answerGate: AnswerGate;
  reject: Action<z.input<typeof rejectInput>, unknown>;
}
