/**
 * Runs before the first paint: the stored theme and rail width, or the system's theme. It stands in the page itself and
 * the policy knows it by its hash, so that static and dynamic pages need no request and no nonce for it.
 * The last lines hand the page's nonce to libraries that insert a style element (https://webpack.js.org/guides/csp).
 */
export const THEME_SCRIPT = `(() => {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const apply = () => {
    const choice = read('theme');
    root.dataset.theme = choice === 'light' || choice === 'dark' ? choice : dark.matches ? 'dark' : 'light';
  };
  apply();
  if (read('rail') === 'narrow') root.dataset.rail = 'narrow';
  dark.addEventListener('change', apply);
  addEventListener('storage', apply);
  addEventListener('themechoice', apply);
  Object.defineProperty(window, '__webpack_nonce__', {
    get: () => document.querySelector('script[nonce]')?.nonce || undefined,
  });
})();`;
