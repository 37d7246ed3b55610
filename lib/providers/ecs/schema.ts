import { z } from 'zod';

/** The fields that are read. What a task definition has beyond them goes into its next revision as it is. */
const arn = z.string().regex(/^arn:[\w-]+:ecs:[\w-]+:\d{12}:[\w./:-]{1,1000}$/);

const deploymentSchema = z.object({
  status: z.string().nullish(),
  rolloutState: z.string().nullish(),
  taskDefinition: arn.nullish(),
  runningCount: z.number().nullish(),
});
export const serviceSchema = z.object({
  serviceArn: arn,
  clusterArn: arn,
  status: z.string().nullish(),
  taskDefinition: arn.nullish(),
  deploymentController: z.object({ type: z.string() }).nullish(),
  deployments: z.array(deploymentSchema).nullish(),
});
export const servicesSchema = z.object({ services: z.array(serviceSchema).default([]) });
export const updatedSchema = z.object({ service: z.object({ taskDefinition: arn }) });

const variableSchema = z.object({ name: z.string().optional(), value: z.string().optional() });
const referenceSchema = z.object({ name: z.string(), valueFrom: z.string() });
export const containerSchema = z.looseObject({
  name: z.string(),
  image: z.string().optional(),
  essential: z.boolean().optional(),
  environment: z.array(variableSchema).optional(),
  secrets: z.array(referenceSchema).optional(),
  environmentFiles: z.array(z.unknown()).optional(),
});
export const taskDefinitionSchema = z.looseObject({
  taskDefinitionArn: arn,
  family: z.string().regex(/^[\w-]{1,255}$/),
  revision: z.number().int().positive(),
  registeredAt: z.number().nullish(),
  containerDefinitions: z.array(containerSchema),
});
const tagSchema = z.object({ key: z.string(), value: z.string().optional() });
export const describedSchema = z.object({ taskDefinition: taskDefinitionSchema, tags: z.array(tagSchema).default([]) });
export const registeredSchema = z.object({ taskDefinition: z.object({ taskDefinitionArn: arn }) });
/** AWS writes its code with or without a namespace, and its words in two spellings. */
export const errorSchema = z.object({
  __type: z.string().nullish(),
  message: z.string().nullish(),
  Message: z.string().nullish(),
});

export type Service = z.infer<typeof serviceSchema>;
export type Container = z.infer<typeof containerSchema>;
export type TaskDefinition = z.infer<typeof taskDefinitionSchema>;
export type Described = z.infer<typeof describedSchema>;
