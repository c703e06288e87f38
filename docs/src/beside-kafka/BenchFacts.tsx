import type { ReactNode } from 'react'
import { useSay } from '../i18n/locale'
import { bench } from './bench'

/** When, where and with what the last bench ran. */
export default function BenchFacts(): ReactNode {
  const say = useSay()
  if (bench === null) return null
  const { date, machine, versions, rounds, command, ways } = bench
  const bySystem = ways?.fetch === 'sendfile'
  return (
    <p>
      {say({
        en: `Measured on ${date.slice(0, 10)}, in ${rounds} round(s), on ${machine.cores} cores (${machine.model}) with ${machine.memoryGb} GB: Apache Kafka ${versions.kafka} on Java ${versions.java}, Offset Zero ${versions.offsetZero} on Node ${versions.node}, Fetch answered ${bySystem ? 'by sendfile' : 'through buffers'}. Again on your machine: `,
        ru: `Измерено ${date.slice(0, 10)}, раундов: ${rounds}; ядер: ${machine.cores} (${machine.model}), памяти: ${machine.memoryGb} ГБ; Apache Kafka ${versions.kafka} на Java ${versions.java}, Offset Zero ${versions.offsetZero} на Node ${versions.node}, ответы на Fetch ${bySystem ? 'отправляет sendfile' : 'идут через буферы'}. Чтобы повторить у себя: `,
      })}
      <code>{command}</code>
    </p>
  )
}
