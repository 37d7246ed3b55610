import 'server-only';
import { z } from 'zod';
import { defineQuery } from '@/lib/pipeline/define-query';
import { listMembers, listOwnSessions } from './server';

/** The reads of the members domain behind the pipeline. */

export const memberListQuery = defineQuery({
  name: 'member.list',
  permission: 'member.read',
  input: z.strictObject({}),
  run: (ctx) => listMembers(ctx),
});

export const ownSessionsQuery = defineQuery({
  name: 'session.list-own',
  permission: 'signedIn',
  input: z.strictObject({}),
  run: (ctx) => listOwnSessions(ctx),
});
