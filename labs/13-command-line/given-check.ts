/** The check that concerns what becomes of arguments. */
import { show } from '../engine/show.ts'
import type { Agreement, Checks, Rewind } from './subject.ts'

export const givenCheck: Checks<'given'> = {
  given: (t, subject) => {
    const { dice } = t
    const agreement: Agreement = {
      topic: dice.freshWord(),
      partitions: dice.freshInt(5, 12),
      retentionMs: dice.freshInt(90_000, 900_000),
      policy: 'compact',
      existing: {
        partitions: dice.int(2, 4),
        configs: { 'retention.ms': `${dice.freshInt(90_000, 900_000)}`, 'segment.bytes': '5000000' },
      },
    }
    const rewind: Rewind = {
      group: dice.freshWord(),
      topic: dice.freshWord(),
      partitions: dice.shuffle([2, 3, 11, 20]),
      time: Date.now() - dice.int(90_000, 900_000),
    }
    const [ofAgreement, ofRewind] = [t.tools.keep(agreement), t.tools.keep(rewind)]
    subject.topicAsAgreed(ofAgreement.value)
    t.check(show(ofAgreement.now()) === show(agreement), 'changed', { call: 'topicAsAgreed' })
    subject.rewind(ofRewind.value)
    t.check(show(ofRewind.now()) === show(rewind), 'changed', { call: 'rewind' })
  },
}
