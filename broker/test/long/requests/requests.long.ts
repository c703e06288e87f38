/** Requests of many megabytes. On a machine that has nothing else to do the quiet client waits half a second at most. */
import { campaign } from './campaign.ts'

campaign(10, 500)
