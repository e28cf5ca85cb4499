/** 消息加解密方式: 明文模式, 兼容模式, 安全模式. Always taken from our own configuration, never from a request. */
export type EncryptionMode = 'plain' | 'compatible' | 'safe';

/** What flags and the simulator's own interface call the modes. */
export const modeNames = { plain: 'plain', compatible: 'compat', safe: 'safe' } as const;
export type ModeName = (typeof modeNames)[EncryptionMode];
export const modesByName: Readonly<Record<ModeName, EncryptionMode>> = {
  plain: 'plain',
  compat: 'compatible',
  safe: 'safe',
};

/** 数据格式: official accounts are pushed XML, mini programs XML or JSON. */
export type MessageFormat = 'xml' | 'json';
