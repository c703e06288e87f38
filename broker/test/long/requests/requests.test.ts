/** Large requests in a size that `npm test` can afford; the machine may be busy with other tests. */
import { campaign } from './campaign.ts'

campaign(1, 2000)
