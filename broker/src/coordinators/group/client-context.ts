/**
 * The fields of a request header that a coordinator needs: groups store them, and behaviour depends on the version.
 */
export interface ClientContext {
  readonly apiVersion: number
  readonly clientId: string | null
  /** `/127.0.0.1`: the format in which Kafka describes members. */
  readonly clientHost: string
}
