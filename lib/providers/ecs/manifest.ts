import { z } from 'zod';
import type { CredentialForm, Manifest } from '../port';

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
const NAME = /^[A-Za-z0-9_-]{1,255}$/;

/** The service whose containers run a target's code. */
export const targetConfig = z.strictObject({
  cluster: z.string().regex(NAME, 'Write the cluster’s name, not its ARN.').describe('Cluster'),
  service: z.string().regex(NAME, 'Write the service’s name, not its ARN.').describe('Service'),
  container: z
    .string()
    .regex(NAME, 'Write the container’s name as the task definition has it.')
    .optional()
    .describe('Container, where a task has several; left empty, the only essential one'),
});

export type EcsTarget = z.infer<typeof targetConfig>;

/** https://docs.aws.amazon.com/general/latest/gr/ecs-service.html */
const HOST = /^https:\/\/ecs(?:-fips)?\.([a-z]{2,5}(?:-[a-z]+){1,3}-\d)\.(amazonaws\.com|amazonaws\.com\.cn|api\.aws)$/;

/** Null for an address that is not one of the service's own. */
export function regionOf(origin: string): string | null {
  return HOST.exec(origin)?.[1] ?? null;
}

const READ = ['ecs:DescribeClusters', 'ecs:DescribeServices', 'ecs:DescribeTaskDefinition'];
const WRITE = ['ecs:RegisterTaskDefinition', 'ecs:TagResource', 'ecs:UpdateService'];
const FOR_TASKS = { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } };

/** What an IAM user needs, to be pasted as it stands. */
export const POLICY = JSON.stringify(
  {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Look', Effect: 'Allow', Action: READ, Resource: '*' },
      { Sid: 'Write', Effect: 'Allow', Action: WRITE, Resource: '*' },
      { Sid: 'WriteRoles', Effect: 'Allow', Action: 'iam:PassRole', Resource: '*', Condition: FOR_TASKS },
    ],
  },
  null,
  2,
);

const FORM: CredentialForm = {
  id: 'access-key',
  label: 'Amazon ECS',
  origin: null,
  hosts: ['.amazonaws.com', '.amazonaws.com.cn', '.api.aws'],
  username: {
    label: 'Access key ID',
    hint: 'AKIA…, of an IAM user with the policy below and nothing else. The region is that of the address: https://ecs.<region>.amazonaws.com.',
    fixed: null,
  },
  secret: { label: 'Secret access key', hint: 'It signs the requests and is itself sent to nobody.' },
  tokenService: false,
  ends: 'It lasts until somebody deletes the key or switches it off.',
};

/** Settings of what runs in a service of Amazon ECS. Data only: this file also goes to the browser. */
export const manifest: Manifest<'configuration'> = {
  id: 'ecs',
  label: 'Amazon ECS',
  docsUrl: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html',
  defaultOrigin: 'https://ecs.us-east-1.amazonaws.com',
  credentialKinds: ['basic'],
  credentialForms: [FORM],
  credentialHelp: {
    says: 'The policy of the IAM user. Leave the statements Write and WriteRoles out where the console shall only look; name your tasks’ two roles in place of the last “*”:',
    text: POLICY,
  },
  targetConfig,
  capabilities: {
    configuration: {
      kinds: {
        secret: { readable: false, maxBytes: 65_536, expression: '$NAME' },
        // A task definition has at most 64 KB in all.
        variable: { readable: true, maxBytes: 32_768, expression: '$NAME' },
      },
      scopes: [
        {
          id: 'container',
          word: 'Service',
          shared: false,
          writable: true,
          kinds: ['variable'],
          fixed: {
            secret:
              'A reference to a secret is part of how the service is set up. Take it out of the task definition where that is kept; nothing here does.',
          },
          instead:
            'Amazon ECS keeps no secrets, it refers to those of Secrets Manager or Parameter Store. Write the value there, then start new tasks (aws ecs update-service --force-new-deployment).',
        },
      ],
      name: {
        pattern: '(?!ECS_|AWS_CONTAINER_|AWS_EXECUTION_ENV$)[A-Za-z_][A-Za-z0-9_]{0,254}',
        letters: 'as-is',
        says: 'A name has letters, digits and _ only, begins with no digit, and is none that Amazon ECS sets itself (ECS_…, AWS_CONTAINER_…).',
      },
      // A change is a revision of the task definition, and the service starts new tasks from it.
      takesEffect: 'at-once',
      runtime: { says: 'The service that this target runs as.' },
    },
  },
};
