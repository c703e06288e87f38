import type { Text } from '../../i18n/locale'
import type { TransactionAction, TransactionCell } from './transaction'

/** Texts of the figure of a transaction. */
export const transactionWords = {
  stable: { en: 'last stable offset', ru: 'последнее стабильное' },
  end: { en: 'end', ru: 'конец' },
  uncommitted: { en: 'read_uncommitted gets', ru: 'read_uncommitted получит' },
  committed: { en: 'read_committed gets', ru: 'read_committed получит' },
  nothing: { en: 'nothing', ru: 'ничего' },
  refused: { en: 'The broker refuses: {error}.', ru: 'Брокер отказал: {error}.' },
  begun: {
    en: 'The producer has asked for its producer id and epoch. Nothing was written.',
    ru: 'Продюсер получил свой номер и эпоху. Ещё ничего не записано.',
  },
  fallback: {
    en: 'With JavaScript, a partition with a transaction stands here, and what two readers see of it.',
    ru: 'С JavaScript здесь партиция с транзакцией и то, что видят в ней два читателя.',
  },
} satisfies Record<string, Text>

/** What a button does, and what has happened when it was pressed and nobody refused. */
export const transactionActions: Readonly<Record<TransactionAction, { button: Text; told: Text }>> = {
  write: {
    button: { en: 'Send in the transaction', ru: 'Отправить в транзакции' },
    told: {
      en: 'The record is in the log, in its place. Until the transaction ends, read_committed stops before it.',
      ru: 'Запись в журнале, на своём месте. Пока транзакция не закончится, read_committed дальше неё не пойдёт.',
    },
  },
  commit: {
    button: { en: 'Commit', ru: 'Подтвердить' },
    told: {
      en: 'The coordinator has decided, and written a marker behind the records. It takes an offset of its own.',
      ru: 'Координатор принял решение и дописал за записями маркер. Он занимает отдельное смещение.',
    },
  },
  abort: {
    button: { en: 'Abort', ru: 'Отменить транзакцию' },
    told: {
      en: 'A marker again. The records stay in the log; readers with read_committed skip them.',
      ru: 'Снова маркер. Записи остаются в журнале; читатели с read_committed их пропускают.',
    },
  },
  plain: {
    button: { en: 'Another producer sends', ru: 'Отправляет другой продюсер' },
    told: {
      en: 'A record without a transaction. If one is open before it, read_committed does not get this one either.',
      ru: 'Запись вне транзакций. Если перед ней есть открытая, read_committed не получит и эту.',
    },
  },
  restart: {
    button: { en: 'A second instance starts', ru: 'Запускается второй экземпляр' },
    told: {
      en: 'The same transactional id, the next epoch: the coordinator has aborted what was open. The first instance does not know yet.',
      ru: 'Тот же transactional id, следующая эпоха: открытую транзакцию координатор отменил. Первый экземпляр об этом ещё не знает.',
    },
  },
  zombie: {
    button: { en: 'The first instance commits', ru: 'Первый экземпляр подтверждает' },
    told: { en: 'It was accepted.', ru: 'Принято.' },
  },
}

/** What stands in a cell. */
export const cellWords: Readonly<Record<TransactionCell['kind'], Text>> = {
  open: { en: 'open', ru: 'открыта' },
  committed: { en: '✓', ru: '✓' },
  aborted: { en: '✕', ru: '✕' },
  plain: { en: 'plain', ru: 'вне' },
  'commit marker': { en: 'COMMIT', ru: 'COMMIT' },
  'abort marker': { en: 'ABORT', ru: 'ABORT' },
}
