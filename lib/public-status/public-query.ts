import 'server-only';
import { z } from 'zod';
import { defineQuery } from '@/lib/pipeline/define-query';
import { readPublicStatus } from './server';

/** The one read that asks for no session. Over HTTP it is /status.json and no part of the API, which is for members. */
export const publicStatusQuery = defineQuery({
  name: 'public-status.get',
  permission: 'anyone',
  input: z.strictObject({}),
  run: (ctx) => readPublicStatus(ctx.db),
});
