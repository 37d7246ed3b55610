export * from './announcements';
export * from './audit';
export * from './delivery';
export * from './deployments';
export * from './estate';
export * from './integrations';
export * from './people';
export * from './personal';
