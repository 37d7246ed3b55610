export { countPreflights } from './count-preflights';
export { previewSwitch } from './preflight';
export { readRendering } from './read-rendering';
export { switchRendering } from './switch';
