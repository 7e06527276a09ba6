/** What a translation holds: the same keys as English, with words of its own. */
export type Wording<Words> = {
  readonly [Key in keyof Words]: Words[Key] extends string ? string : Wording<Words[Key]>
}
