/** The few return codes that decide what the client does next. What all of them mean is in `describe.ts`. */

/** The platform is busy; any call may be repeated. 系统繁忙. */
export const BUSY_CODES: ReadonlySet<number> = new Set([-1, -1000]);

/** The access token is dead, foreign or malformed: replace it once and repeat the call once. */
export const DEAD_TOKEN_CODES: ReadonlySet<number> = new Set([40001, 40014, 42001]);
