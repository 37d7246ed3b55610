export { removeSetting, setSetting } from './change';
export { planRemoval, planSetting } from './plan-change';
export { readConfiguration } from './read-configuration';
export { refreshReadings } from './refresh-readings';
export { setRuntime } from './set-runtime';
