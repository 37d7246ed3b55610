import 'server-only';
import { z } from 'zod';
import { defineQuery } from '@/lib/pipeline/define-query';
import { ledgerInput } from './model/schemas';
import { listSubscriptions, readLedger } from './server';

const permission = 'subscription.manage';

export const subscriptionListQuery = defineQuery({
  name: 'subscription.list',
  permission,
  input: z.strictObject({}),
  run: (ctx) => listSubscriptions(ctx),
});

export const ledgerQuery = defineQuery({
  name: 'subscription.ledger',
  permission,
  input: ledgerInput,
  run: readLedger,
});
