// Loaded before code-server (`node --import`): gives the check of signatures back that VS Code has and code-server leaves
// out. Without the place that is to change there is nothing to test, so then it ends in an error.
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const LEFT_OUT = 'o&&(o=!1);let{location:';

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.startsWith('file:') || !fileURLToPath(url).replaceAll('\\', '/').endsWith('/out/server-main.js'))
      return loaded;
    const source = String(loaded.source);
    if (source.split(LEFT_OUT).length !== 2)
      throw new Error('The check of signatures was not found: look at this code-server.');
    return { ...loaded, source: source.replace(LEFT_OUT, 'o=!0;let{location:') };
  },
});
