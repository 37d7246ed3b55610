import type { ResolveInput, Triggered } from '@/lib/deployments/model/schemas';
import type { Scan } from '@/lib/extensions/model/package';
import type { AnswerGateInput } from '@/lib/gates/model/answer-gate';
import type { GateAnswered } from '@/lib/gates/model/remote-gate';
import type { OverrideFreezeInput, TickInput } from '@/lib/gates/model/schemas';
import type { Action } from '@/lib/kernel/result';

export interface TakenPackages {
  packages: { packageId: string; outcome: 'new' | 'already'; version: string; targetPlatform: string; scan: Scan }[];
}

/** The Server Actions of the deployment page; the route hands them in. */
export interface DeploymentVerbs {
  cancel: Action<{ deploymentId: string }, unknown>;
  stopWaiting: Action<{ deploymentId: string }, unknown>;
  retry: Action<{ deploymentId: string }, Triggered>;
  redeploy: Action<{ deploymentId: string; idempotencyKey: string }, Triggered>;
  resolve: Action<ResolveInput, unknown>;
  overrideFreeze: Action<OverrideFreezeInput, unknown>;
  answerGate: Action<AnswerGateInput, GateAnswered>;
  tick: Action<TickInput, unknown>;
  serveHeld: Action<{ deploymentId: string }, { runId: string }>;
  cancelLateRun: Action<{ deploymentId: string }, unknown>;
  takePackage: Action<{ deploymentId: string }, TakenPackages>;
  newHead: Action<{ deploymentId: string }, { url: string }>;
}
