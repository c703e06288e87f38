import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../../../../broker/src/messages/consumer-group-heartbeat'
import type { SimClient } from '../../../../broker/src/sim/sim-client'
import { ErrorCode } from '../../../../broker/src/wire/errors'
import { GROUP, Member, POLL_INTERVAL_MS, TOPIC, type World, without } from './group-member'

/**
 * A member of the KIP-848 protocol: one request for everything. The coordinator says what the member shall have; the
 * member gives up what is missing in it, reports that at once, and gets what is new when the others have let go of it.
 */

/** What a new member says before it knows the broker's interval. */
const FIRST_BEAT_MS = 5000
const LEAVES = -1

export class HeartbeatMember extends Member {
  private readonly topicId: string
  private readonly memberId: string
  private beatMs = FIRST_BEAT_MS
  /** Counts the beats that were scheduled: an early one makes the scheduled one void. */
  private beats = 0
  /** What the coordinator wants it to have; undefined: as it is. */
  private wanted: number[] | undefined
  private hasNews = true

  constructor(name: string, client: SimClient, world: World, topicId: string) {
    super(name, client, world)
    this.topicId = topicId
    this.memberId = `member-${name}`
    world.tell(this, 'joins')
    this.heartbeat()
  }

  protected onPoll(): void {
    const { wanted } = this
    if (wanted === undefined || this.isAsking) return
    const lost = without(this.owned, wanted)
    this.owned = this.owned.filter((partition) => wanted.includes(partition))
    if (lost.length > 0) this.world.tell(this, 'gives up', lost)
    this.take(wanted)
  }

  protected sayGoodbye(): void {
    const body = { groupId: GROUP, memberId: this.memberId, memberEpoch: LEAVES }
    this.client.send(ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, 1, body)
  }

  private heartbeat(): void {
    this.beats++
    const isFirst = this.generation === 0
    const topicPartitions = this.hasNews
      ? this.owned.length === 0
        ? []
        : [{ topicId: this.topicId, partitions: this.owned }]
      : null
    this.hasNews = false
    const body = {
      groupId: GROUP,
      memberId: this.memberId,
      memberEpoch: this.generation,
      rebalanceTimeoutMs: isFirst ? POLL_INTERVAL_MS : -1,
      subscribedTopicNames: isFirst ? [TOPIC] : null,
      topicPartitions,
    }
    this.ask(ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, 1, body, (answer) =>
      this.onAnswer(answer),
    )
  }

  private onAnswer(answer: ConsumerGroupHeartbeatResponse): void {
    if (answer.errorCode !== ErrorCode.NONE) {
      this.generation = 0
      this.owned = []
      this.wanted = undefined
      this.hasNews = true
      return this.heartbeat()
    }
    this.generation = answer.memberEpoch
    this.beatMs = answer.heartbeatIntervalMs
    this.scheduleBeat()
    if (answer.assignment === null) return
    const wanted = answer.assignment.topicPartitions.flatMap(({ partitions }) => partitions)
    const lost = without(this.owned, wanted)
    if (lost.length === 0) return this.take(wanted)
    this.world.tell(this, 'is asked for', lost)
    this.wanted = wanted
  }

  /** Nothing is left to give up: what is new is its own, and the coordinator hears of it at once. */
  private take(wanted: readonly number[]): void {
    const gained = without(wanted, this.owned)
    this.wanted = undefined
    this.owned = [...wanted].sort((a, b) => a - b)
    if (gained.length > 0) this.world.tell(this, 'gets', gained)
    else if (wanted.length === 0) this.world.tell(this, 'gets nothing')
    this.hasNews = true
    this.heartbeat()
  }

  private scheduleBeat(): void {
    const beat = this.beats
    this.world.after(this.beatMs, () => {
      if (this.isGone || this.beats !== beat || this.isAsking) return
      this.heartbeat()
    })
  }
}
