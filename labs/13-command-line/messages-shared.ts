/** Lab 13: what is said of a line that fails or does not end, whatever it is for. */
import type { CaseText } from '../engine/lab.ts'

export const lineCases = {
  failed: {
    en: 'A line ended with exit code {code}: {message}',
    ru: 'Строка завершилась с кодом {code}: {message}',
    try: {
      en: 'The line and what it printed stand below. Type it yourself behind `npm run tool --`, with --bootstrap-server; --help lists the options.',
      ru: 'Строка и её вывод — ниже. Наберите её сами после `npm run tool --`, добавив --bootstrap-server; ключи перечислит --help.',
    },
  },
  noEnd: {
    en: 'A line did not end within {seconds} {seconds:second|seconds}, and was stopped by Ctrl-C.',
    ru: 'Строка не завершилась за {seconds} {seconds:секунду|секунды|секунд}, и её остановили через Ctrl-C.',
    why: {
      en: 'kafka-console-consumer reads for ever: there may always be another record. --max-messages ends it only when so many have come.',
      ru: 'kafka-console-consumer читает бесконечно: следующая запись может прийти всегда. --max-messages остановит его, только если столько записей пришло.',
    },
    try: {
      en: 'Add --timeout-ms: it ends when nothing has come for so long.',
      ru: 'Добавьте --timeout-ms: он завершится, если столько времени ничего не приходило.',
    },
  },
} as const satisfies Record<string, CaseText>
