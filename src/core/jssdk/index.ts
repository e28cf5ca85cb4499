/** JS-SDK and cards: `wx.config`, page URLs, their signatures. The door of this folder: what others import. */
export {
  type AddCardFields,
  type CardChoice,
  type CardEntry,
  type ChooseCardFields,
  createCardChoice,
  createCardEntry,
} from './card-signature.ts';
export { jssdkErrorCauses } from './errors.ts';
export {
  type JssdkConfig,
  type JssdkFields,
  type UrlForm,
  type UrlWarning,
  cleanUrl,
  formatString1,
  jssdkConfig,
  signString1,
} from './jssdk.ts';
