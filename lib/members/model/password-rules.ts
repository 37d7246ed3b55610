export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 200;

/** What people choose first when twelve characters are asked for; compared without case, digits and marks at the end. */
const COMMON = new Set([
  'password',
  'passwordpassword',
  'administrator',
  'adminadmin',
  'adminadminadmin',
  'letmein',
  'letmeinplease',
  'welcome',
  'welcomewelcome',
  'changeme',
  'changemenow',
  'changemeplease',
  'qwertyuiop',
  'qwertyuiopasdf',
  'qwertyqwerty',
  'iloveyou',
  'iloveyoubaby',
  'aetherstack',
  'correcthorsebatterystaple',
  'trustnoone',
  'superman',
  'football',
  'princess',
  'sunshine',
  'monkeymonkey',
  'abcdefghijkl',
  'secretsecret',
]);

function core(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}]+$/u, '')
    .replace(/^[^\p{L}]+/u, '');
}

/** Null when the password will do; otherwise a sentence for the field. Length is counted in characters, not bytes. */
export function passwordProblem(password: string, login: string): string | null {
  const length = [...password.normalize('NFKC')].length;
  if (length < PASSWORD_MIN) return `Use at least ${PASSWORD_MIN} characters; a few unrelated words are easiest.`;
  if (length > PASSWORD_MAX) return `Use at most ${PASSWORD_MAX} characters.`;
  const plain = password.normalize('NFKC').toLowerCase();
  if (new Set(plain).size < 5) return 'Use more different characters.';
  if (/^(?:0?1234567890?)+\d*$|^(?:9876543210?)+\d*$/.test(plain))
    return 'A row of digits is the first thing that is tried. Use a few unrelated words.';
  if (COMMON.has(core(plain)) || COMMON.has(plain))
    return 'This is among the first that are tried. Use a few unrelated words.';
  const name = login.trim().toLowerCase();
  if (name.length >= 3 && core(plain).replaceAll(name, '').length < 6 && plain.includes(name))
    return 'Do not build the password from your login.';
  return null;
}
