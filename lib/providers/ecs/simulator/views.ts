import { ACCOUNT, CLUSTER, type SimulatedDefinition, type SimulatedService } from './state';

export const arnOf = (kind: 'cluster' | 'service' | 'task-definition', name: string) =>
  `arn:aws:ecs:us-east-1:${ACCOUNT}:${kind}/${name}`;

const seconds = (ms: number) => ms / 1000;

/** Source: the shape `Service` of fixtures/openapi.json */
export function serviceView({ name, runs, since }: SimulatedService) {
  const taskDefinition = arnOf('task-definition', runs);
  return {
    ...{ serviceArn: arnOf('service', `${CLUSTER}/${name}`), serviceName: name, clusterArn: arnOf('cluster', CLUSTER) },
    ...{ status: 'ACTIVE', desiredCount: 2, runningCount: 2, pendingCount: 0, launchType: 'FARGATE', taskDefinition },
    deploymentController: { type: 'ECS' },
    deployments: [
      {
        ...{ id: `ecs-svc/${Math.floor(since)}`, status: 'PRIMARY', taskDefinition, rolloutState: 'COMPLETED' },
        ...{ desiredCount: 2, runningCount: 2, pendingCount: 0, failedTasks: 0 },
        ...{ createdAt: seconds(since), updatedAt: seconds(since) },
      },
    ],
    ...{ events: [], loadBalancers: [], createdAt: seconds(since), enableECSManagedTags: true },
  };
}

/** Tags come beside it, never in it. Source: the shape `TaskDefinition` */
export function definitionView({ family, revision, at, by, input }: SimulatedDefinition) {
  const { tags: _, ...registered } = input;
  return {
    ...registered,
    ...{ taskDefinitionArn: arnOf('task-definition', `${family}:${revision}`), revision, status: 'ACTIVE' },
    requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' }],
    ...{ compatibilities: ['EC2', 'FARGATE'], registeredAt: seconds(at), registeredBy: by },
  };
}
