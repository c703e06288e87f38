/**
 * Groups: their members, of either protocol, their offsets, and what administrators do with them.
 */
import './groups-join.ts'
import './groups-classic.ts'
import './groups-static.ts'
import './groups-consumer.ts'
import './groups-consumer-refused.ts'
import './groups-consumer-static.ts'
import './groups-targets.ts'
import './groups-expressions.ts'
import './groups-hash.ts'
import './groups-upgrade.ts'
import './groups-mixed.ts'
import './groups-offsets.ts'
import './groups-offset-fetch.ts'
import './groups-admin.ts'
import './groups-log.ts'
import './groups-random.ts'
