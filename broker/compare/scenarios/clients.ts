/**
 * The stories that are told with clients that are not ours: kafkajs, and kcat where it is found.
 */
import './clients-kafkajs.ts'
import './clients-kcat.ts'
