import 'server-only';
import { z } from 'zod';
import { defineQuery } from '@/lib/pipeline/define-query';
import { examine } from './server';

/** Shows no more than the pages of connections and subscriptions do, so it asks for the same. */
export const doctorQuery = defineQuery({
  name: 'connection.doctor',
  permission: 'connection.read',
  input: z.strictObject({}),
  run: (ctx) => examine(ctx),
});
