/**
 * The stories that are told with clients that are not ours: kafkajs, and kcat where it is found.
 */
import './kafkajs.ts'
import './kcat.ts'
