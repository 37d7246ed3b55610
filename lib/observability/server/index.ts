export { classify, undoClassification } from './classify';
export { readDora, readDoraRows } from './read-dora';
export { readHealth } from './read-health';
export { readMetrics } from './read-metrics';
