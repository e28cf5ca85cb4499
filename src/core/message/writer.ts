import type { MessageFormat } from '../callback/index.ts';
import { inputError } from '../errors.ts';
import { isFields, isList, listField, nestedFields, type Fields, type FieldValue } from './fields.ts';
import { formatXml, isXmlName } from './format-xml.ts';

/**
 * Writes the fields of a push as the platform does（接收普通消息, 接收事件推送）: numbers bare, texts in CDATA or quotes,
 * repeated elements as a list. `fields` may come from either format and from a type that is not known here; what is
 * parsed, written and parsed again is the same message.
 * Characters that XML forbids are lost in XML, as on the platform's own way; JSON keeps them.
 * Throws an error of family `input` (`field_name_invalid`) for a name that no element can have.
 */
export function writeMessage(fields: Fields, format: MessageFormat): string {
  if (format === 'json') return formatJson(toJsonForm(fields), '');
  checkNames(fields);
  return formatXml(toXmlForm(fields), isBare);
}

/** Places whose numbers the platform writes bare. */
const numbers = new Set(
  `CreateTime MsgId MsgID Idx Location_X Location_Y Scale Latitude Longitude Precision MenuId ArticleCount
  SendPicsInfo.Count TotalCount FilterCount SentCount ErrorCount
  CopyrightCheckResult.Count CopyrightCheckResult.CheckState ArticleUrlResult.Count
  CopyrightCheckResult.ResultList.item.ArticleIdx CopyrightCheckResult.ResultList.item.UserDeclareState
  CopyrightCheckResult.ResultList.item.AuditState CopyrightCheckResult.ResultList.item.OriginalArticleType
  CopyrightCheckResult.ResultList.item.CanReprint CopyrightCheckResult.ResultList.item.NeedReplaceContent
  CopyrightCheckResult.ResultList.item.NeedShowReprintSource ArticleUrlResult.ResultList.item.ArticleIdx
  PublishEventInfo.publish_id PublishEventInfo.publish_status PublishEventInfo.article_detail.count
  PublishEventInfo.article_detail.item.idx PublishEventInfo.fail_idx
  SubscribeMsgPopupEvent.List.PopupScene SubscribeMsgSentEvent.List.MsgID SubscribeMsgSentEvent.List.ErrorCode
  ExpiredTime FailTime IsGiveByFriend OuterId IsRestoreMemberCard IsRecommendByFriend IsReturnBack IsChatRoom
  LocationId ModifyBonus ModifyBalance CreateOrderTime PayFinishTime MerchantId IsPass OrderStatus
  audit_id status is_upgrade poiid
  ChosenBeacon.Major ChosenBeacon.Minor ChosenBeacon.Distance
  AroundBeacons.AroundBeacon.Major AroundBeacons.AroundBeacon.Minor AroundBeacons.AroundBeacon.Distance
  ConnectTime ExpireTime Sex Scene GuideScanEvent.action`.split(/\s+/),
);
const truths = new Set(['IsChatRoom']);

function isBare(path: string, text: string): boolean {
  return (
    (numbers.has(path) && /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) ||
    (truths.has(path) && /^(?:true|false)$/.test(text))
  );
}

/** Quirk: these events have their list below an element of its own in XML, and at the top in JSON. */
const wrappers: ReadonlyMap<FieldValue | undefined, string> = new Map([
  ['subscribe_msg_popup_event', 'SubscribeMsgPopupEvent'],
  ['subscribe_msg_change_event', 'SubscribeMsgChangeEvent'],
  ['subscribe_msg_sent_event', 'SubscribeMsgSentEvent'],
]);

function toJsonForm(fields: Fields): Fields {
  const wrapper = wrappers.get(fields['Event']);
  const inner = wrapper === undefined ? undefined : nestedFields(fields, wrapper);
  if (wrapper === undefined || inner?.['List'] === undefined || fields['List'] !== undefined) return fields;
  const { List: _list, ...others } = inner;
  const rest = Object.keys(others).length === 0 ? undefined : others;
  const entries = Object.entries(fields).flatMap(([name, value]): (readonly [string, FieldValue])[] =>
    name === wrapper
      ? [['List', listField(inner, 'List')], ...(rest === undefined ? [] : [[wrapper, rest] as const])]
      : [[name, value]],
  );
  return Object.fromEntries(entries);
}

function toXmlForm(fields: Fields): Fields {
  const wrapper = wrappers.get(fields['Event']);
  if (wrapper === undefined || fields['List'] === undefined || fields[wrapper] !== undefined) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) =>
      name === 'List' ? [wrapper, { List: value }] : [name, value],
    ),
  );
}

/**
 * Quirk: a number that a double cannot hold is written as a text: `MsgId` comes in both forms, and a bare one would be
 * rounded by most readers.
 */
function formatJson(value: FieldValue, path: string): string {
  if (typeof value === 'string') {
    const bare = isBare(path, value) && (value.includes('.') || Number.isSafeInteger(Number(value)));
    return bare || (truths.has(path) && isBare(path, value)) ? value : JSON.stringify(value);
  }
  if (isList(value)) return `[${value.map((entry) => formatJson(entry, path)).join(',')}]`;
  const members = Object.entries(value).map(
    ([name, entry]) => `${JSON.stringify(name)}:${formatJson(entry, path === '' ? name : `${path}.${name}`)}`,
  );
  return `{${members.join(',')}}`;
}

function checkNames(fields: Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    if (!isXmlName(name)) {
      throw inputError('field_name_invalid', {
        en: `Cannot write "${name}" as XML: a name is letters, digits, "_", "-" and ".", a letter first`,
        zh: `“${name}”不能写成 XML：名称只能包含字母、数字、“_”、“-”和“.”，且以字母开头`,
      });
    }
    for (const entry of isList(value) ? value : [value]) {
      if (isFields(entry)) checkNames(entry);
    }
  }
}
