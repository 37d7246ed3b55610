export * from './deployments';
export * from './estate';
export * from './people';
