import type { Text } from '../../text/text.ts';

export type DecryptionStepName =
  'key' | 'envelope' | 'signature' | 'base64' | 'cipher' | 'padding' | 'length' | 'appid' | 'message';

/** One step of opening a callback, with its result. */
export interface DecryptionStep {
  readonly name: DecryptionStepName;
  /** `warn`: it works here, but not everywhere. `skip`: not done, because something was missing. */
  readonly status: 'pass' | 'fail' | 'warn' | 'skip';
  /** The error number of the official sample code（-40001 …）; 0 unless the step failed. */
  readonly sampleCode: number;
  readonly text: Text;
  /** Name of the mistake that explains the failure, where it is a known one. */
  readonly mistake?: string | undefined;
  readonly hint?: Text | undefined;
}

const sampleCodes: Readonly<Record<DecryptionStepName, number>> = {
  signature: -40001,
  envelope: -40002,
  message: -40002,
  key: -40004,
  appid: -40005,
  cipher: -40007,
  padding: -40008,
  length: -40008,
  base64: -40010,
};

export function passed(name: DecryptionStepName, text: Text): DecryptionStep {
  return { name, status: 'pass', sampleCode: 0, text };
}

export function warned(name: DecryptionStepName, text: Text, hint: Text): DecryptionStep {
  return { name, status: 'warn', sampleCode: 0, text, hint };
}

export function skipped(name: DecryptionStepName, text: Text): DecryptionStep {
  return { name, status: 'skip', sampleCode: 0, text };
}

export function failed(name: DecryptionStepName, text: Text, hint?: Text, mistake?: string): DecryptionStep {
  return { name, status: 'fail', sampleCode: sampleCodes[name], text, hint, mistake };
}
