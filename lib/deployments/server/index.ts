export * from './advance';
export { redeploy, retryDeployment, rollBack } from './again';
export { cancelDeployment } from './cancel';
export { liftPin } from './lift-pin';
export { resolveUnknown } from './resolve';
export { environmentSlugOf, environmentSlugOfTarget } from './rows';
export { triggerDeployment } from './trigger';
