// What the vendors publish of the two requests that make tokens, and of their answers; nothing else passes.
import { z } from 'zod';

/**
 * AWS JSON 1.1, by the service's own model (2015-09-21: jsonVersion, targetPrefix, POST “/”) and
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
 */
export const ecr = {
  request: z.strictObject({
    method: z.literal('POST'),
    path: z.literal('/'),
    type: z.literal('application/x-amz-json-1.1'),
    target: z.literal('AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken'),
    body: z.strictObject({
      registryIds: z
        .array(z.string().regex(/^[0-9]{12}$/))
        .min(1)
        .max(10)
        .optional(),
    }),
  }),
  answer: z.strictObject({
    authorizationData: z.array(
      z.strictObject({
        authorizationToken: z.string().regex(/^\S+$/).optional(),
        /** Seconds since 1970, with a fraction. */
        expiresAt: z.number().optional(),
        proxyEndpoint: z.string().optional(),
      }),
    ),
  }),
  refusal: z.strictObject({ __type: z.string(), message: z.string() }),
};
