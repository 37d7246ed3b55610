export * from './advance';
export { redeploy, retryDeployment, rollBack } from './again';
export { answerGate } from './answer-gate';
export { approve } from './approve';
export { cancelDeployment } from './cancel';
export { cancelLateRun } from './cancel-late-run';
export { beat, heartbeatAge } from './heartbeat';
export { seekLatePublications } from './late-publications';
export { seekLateRuns } from './late-runs';
export { liftPin } from './lift-pin';
export { overrideFreeze } from './override-freeze';
export { promoteDeployment } from './promote';
export { readApproval } from './read-approval';
export * from './read-component';
export { composerStart } from './read-composer';
export { readDeployment } from './read-deployment';
export { readFailure } from './read-failure';
export { readFailureLogs } from './read-failure-log';
export { readHosting } from './read-hosting';
export { composerImages } from './read-images';
export * from './read-list';
export * from './read-log';
export { readLogs } from './read-logs';
export * from './read-matrix';
export * from './read-now';
export * from './read-plan';
export { readPreview } from './read-preview';
export { readPromotion } from './read-promotion';
export { readReasons } from './read-reasons';
export { readRemoteGate } from './read-remote-gate';
export { readRemoteRules } from './read-remote-rules';
export * from './read-revisions';
export { readRollBack } from './read-roll-back';
export { readScreenshot } from './read-screenshot';
export { readWaiting } from './read-waiting';
export { reject } from './reject';
export { resolveUnknown } from './resolve';
export {
  connectionOf,
  connectionOfTarget,
  environmentSlugOf,
  environmentSlugOfTarget,
  isForProduction,
  overridesFreeze,
} from './rows';
export { callOffLeft } from './second-run';
export { serveHeld } from './serve-held';
export { advanceOrSetAside } from './set-aside';
export { stopWaiting } from './stop-waiting';
export { tickChecklist } from './tick-checklist';
export { triggerDeployment } from './trigger';
