/**
 * Groups: their members, of either protocol, their offsets, and what administrators do with them.
 */
import './groups-join.ts'
import './groups-classic.ts'
import './groups-consumer.ts'
import './groups-consumer-refused.ts'
import './groups-mixed.ts'
import './groups-offsets.ts'
import './groups-admin.ts'
import './groups-log.ts'
