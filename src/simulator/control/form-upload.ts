/** Calls of the form that upload a file: `multipart/form-data` with the call in one part and what it sends in the others. */
import { parseBody, refuse } from './input.ts';
import type { Body } from './input.ts';

/** The part that says which call it is. */
const callPart = 'call';

export interface FormCall {
  readonly body: Body;
  /** What the call sends in the place of `body`, part by part. */
  readonly upload: FormData | undefined;
}

/** Reads `POST /_ctl/call`: JSON, or a form with the same JSON as the text part `call`. Throws an input error. */
export async function readFormCall(request: Request): Promise<FormCall> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data\b/i.test(type)) {
    return { body: parseBody(await request.text(), { optional: true }), upload: undefined };
  }
  const form = await request.formData().catch(() => undefined);
  if (form === undefined) {
    return refuse({
      en: 'The body must be multipart/form-data as its boundary says',
      zh: '请求体必须是与 boundary 一致的 multipart/form-data',
    });
  }
  const [call, ...others] = form.getAll(callPart);
  if (typeof call !== 'string' || others.length > 0) {
    return refuse({
      en: 'A form must have one text part "call" with the call as JSON, and the parts to send',
      zh: '表单必须包含一个文本字段“call”（JSON 格式的调用），其余字段原样发送',
    });
  }
  form.delete(callPart);
  return { body: parseBody(call), upload: form };
}
