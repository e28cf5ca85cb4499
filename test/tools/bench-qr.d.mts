/** A simulator's address and account. */
interface Platform {
  readonly url: string;
  readonly appid: string;
  readonly secret: string;
}

interface Load {
  readonly codes: number;
  readonly concurrency: number;
}

/** Codes per second. */
export function measureBareLoop(platform: Platform, load: Load): Promise<number>;

/** Median of the rounds; each measures both, one after the other, so that both meet the same machine. */
export function measureBatch(
  platform: Platform,
  environment: Readonly<Record<string, string | undefined>>,
  options?: Partial<Load> & { readonly rounds?: number; readonly program?: string },
): Promise<{ readonly ratio: number; readonly rate: number; readonly bare: number }>;
