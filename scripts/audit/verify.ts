// The process of `npm run audit:verify`.
import { runVerify } from './run-verify';

const { code, out, err } = await runVerify(process.argv.slice(2), process.env);
process.stdout.write(out);
process.stderr.write(err);
process.exitCode = code;
