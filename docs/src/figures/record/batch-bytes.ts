/** What the figure of a record's bytes and its worker have in common. */

/** What the reader types; an empty header name: no headers. */
export interface RecordText {
  key: string
  hasKey: boolean
  value: string
  headerName: string
  headerValue: string
}

/** A field of a batch with its bytes, in the order of the bytes. */
export interface BatchField {
  name: string
  hex: string
  /** What the bytes say, as a person reads them. */
  value: string
  /** Who sets it. */
  by: 'producer' | 'broker'
  /** The part that it belongs to: the batch's header, of which there is one, or the record. */
  of: 'batch' | 'record'
  /** Covered by the checksum. */
  isChecked: boolean
}
