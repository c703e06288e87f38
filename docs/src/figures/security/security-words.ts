import type { Text } from '../../i18n/locale'
import type { Eve } from './security'

/** Texts of the figure of the chapter on security. */
export const securityWords = {
  protocol: { en: 'Protocol of the listener', ru: 'Протокол слушателя' },
  authorizer: {
    en: 'an authorizer, with an ACL for the service alone',
    ru: 'авторизация: ACL только для самого сервиса',
  },
  records: { en: 'Reads records on the network', ru: 'Читает записи в сети' },
  password: { en: 'Reads the password of the service', ru: 'Читает пароль сервиса' },
  connects: { en: 'Connects', ru: 'Подключается' },
  writes: { en: 'Writes to payments', ru: 'Пишет в payments' },
  yes: { en: 'yes', ru: 'да' },
  no: { en: 'no', ru: 'нет' },
} satisfies Record<string, Text>

export const connectWords: Readonly<Record<Eve['connectsAs'], Text>> = {
  anonymous: { en: 'as User:ANONYMOUS', ru: 'как User:ANONYMOUS' },
  stolen: { en: 'with the name and password of the service', ru: 'с именем и паролем сервиса' },
  nobody: { en: 'no: she knows no password', ru: 'нет: она не знает пароля' },
}
