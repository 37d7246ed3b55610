// `--import` of a process whose clock is wrong by CHAOS_SKEW_MS. The monotonic clock and timers stay right, as they would.
const skew = Number(process.env.CHAOS_SKEW_MS ?? 0);
const RealDate = globalThis.Date;

globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [RealDate.now() + skew] : args));
  }

  static now() {
    return RealDate.now() + skew;
  }
};
