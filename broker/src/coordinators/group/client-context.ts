/**
 * Who asks a coordinator: the part of a request's header that groups remember and versions depend on.
 */
export interface ClientContext {
  readonly apiVersion: number
  readonly clientId: string | null
  /** `/127.0.0.1`, as Kafka shows it in a group's description. */
  readonly clientHost: string
}
