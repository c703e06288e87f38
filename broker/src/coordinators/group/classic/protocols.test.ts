/** A member may name hundreds of thousands of protocols: no check may compare all of them with all of another member's. */
import { expect, test } from 'vitest'
import { ClassicGroup, type ClassicMember } from './classic-group.ts'

const COUNT = 5000

/** Protocols whose names count how often they are read. */
function protocolsOf(prefix: string) {
  const reads = { count: 0 }
  const protocols = Array.from({ length: COUNT }, (_, i) => ({
    get name() {
      reads.count++
      return `${prefix}${i}`
    },
    metadata: new Uint8Array(0),
  }))
  return { reads, protocols }
}

function memberOf(memberId: string, protocols: ClassicMember['protocols']): ClassicMember {
  return {
    memberId,
    groupInstanceId: null,
    clientId: '',
    clientHost: '',
    rebalanceTimeoutMs: 1000,
    sessionTimeoutMs: 1000,
    protocols,
    assignment: new Uint8Array(0),
    isNew: true,
    awaitingJoin: undefined,
    awaitingSync: undefined,
  }
}

test('CLASSIC-GROUP-1: whether all members support one of many protocols is known by counts', () => {
  const group = new ClassicGroup('g', 0)
  group.protocolType = 'consumer'
  const [a, b] = [protocolsOf('a'), protocolsOf('b')]
  group.add(memberOf('a', a.protocols))
  expect(group.selectProtocol()).toBe('a0')
  expect(a.reads.count).toBeLessThan(10)
  expect(group.supports('consumer', b.protocols)).toBe(false)
  expect(group.supports('consumer', [{ name: `a${COUNT - 1}`, metadata: new Uint8Array(0) }])).toBe(true)
  expect(a.reads.count + b.reads.count).toBeLessThan(10 * COUNT)
})

test('the counts follow the members as they join, change and leave', () => {
  const named = (...names: string[]) => names.map((name) => ({ name, metadata: new Uint8Array(0) }))
  const group = new ClassicGroup('g', 0)
  group.protocolType = 'consumer'
  const [a, b, c] = [
    memberOf('a', named('x', 'y')),
    memberOf('b', named('y', 'z')),
    memberOf('c', named('z', 'y')),
  ]
  const supported = () => ['x', 'y', 'z'].filter((name) => group.supports('consumer', named(name)))
  group.add(a)
  expect(supported()).toEqual(['x', 'y'])
  group.add(b)
  expect(supported()).toEqual(['y'])
  group.add(c)
  expect([supported(), group.selectProtocol()]).toEqual([['y'], 'y'])
  group.update(a, { protocols: named('z') })
  expect([supported(), group.selectProtocol()]).toEqual([['z'], 'z'])
  group.remove(a)
  expect(supported()).toEqual(['y', 'z'])
  const renewed = group.replace(b, 'b2')
  expect(supported()).toEqual(['y', 'z'])
  group.remove(renewed)
  expect(supported()).toEqual(['y', 'z'])
  group.update(c, { protocols: named('x') })
  expect(supported()).toEqual(['x'])
})
