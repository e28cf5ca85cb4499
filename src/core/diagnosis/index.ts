/** Why a signature, a ciphertext or a server's answer is wrong. The door of this folder: what others import. */
export { type CallbackMistake, diagnoseCallback } from './callback.ts';
export { diagnoseCard } from './card.ts';
export { isEncryptedText } from './decryption/encryption-mistakes.ts';
export type { EnvelopeSignature } from './decryption/envelope.ts';
export type { DecryptionStep } from './decryption/step.ts';
export { type DecryptionReport, explainDecryption } from './decryption/steps.ts';
export { diagnoseJssdk, diagnoseJssdkInTurns } from './jssdk.ts';
export { readPastedRequest } from './pasted-request.ts';
export { type SignatureDiagnosis, joinMistakes } from './search.ts';
export { type BodyName, bodyNames, concludeBodies } from './server/body-experiments.ts';
export { type FrameworkAdvice, adviseFramework } from './server/frameworks.ts';
export {
  type ProbeCause,
  type ProbeFinding,
  holdsEcho,
  httpHead,
  isOtherSuccess,
  judgeEcho,
} from './server/handshake-answer.ts';
export { type SignedVariant, signedVariants } from './server/handshake-variants.ts';
export { judgeStatus } from './server/http-answer.ts';
export { judgeNetworkError } from './server/http-failure.ts';
export { headInBodyHint, headInBodyText, wrongMethod } from './server/texts.ts';
export { serverWords } from './server/words.ts';
export type { String1Difference } from './string1.ts';
