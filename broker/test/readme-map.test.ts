import { expect, test } from 'vitest'
import { readme } from './readme-map.ts'

test('the README lists every file, with the sentence that the file begins with', () => {
  const { is, shouldBe } = readme()
  expect(is, 'run: node broker/test/readme-map.ts').toBe(shouldBe)
})
