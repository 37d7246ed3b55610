import 'server-only';
import { z } from 'zod';
import { defineQuery } from '@/lib/pipeline/define-query';
import { listTokens, readCaller } from './server';

/** The reads of the tokens domain behind the pipeline. */

const Nothing = z.strictObject({});

export const tokenListQuery = defineQuery({
  name: 'token.list',
  permission: 'signedIn',
  input: Nothing,
  run: (ctx) => listTokens(ctx),
});

export const callerQuery = defineQuery({
  name: 'session.whoami',
  permission: 'signedIn',
  // Whoever has any token at all may ask what it is good for.
  tokenScope: 'any',
  input: Nothing,
  run: (ctx) => readCaller(ctx),
});
